#ifndef RING_H
#define RING_H
#include <stddef.h>

#define RING_ROOM 4

struct ring {
    int values[RING_ROOM];
    size_t first, count;
};

/* Both return 0 when they did nothing. */
int ring_push(struct ring *ring, int value);
int ring_pop(struct ring *ring, int *value);
#endif
