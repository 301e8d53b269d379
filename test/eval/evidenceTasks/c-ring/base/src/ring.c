#include "ring.h"

int ring_push(struct ring *ring, int value) {
    ring->values[ring->count] = value;
    ring->count++;
    return 1;
}

int ring_pop(struct ring *ring, int *value) {
    if (ring->count == 0) {
        return 0;
    }
    *value = ring->values[ring->first];
    ring->first++;
    ring->count--;
    return 1;
}
