#ifndef BITS_H
#define BITS_H
#define BITS 256

struct bits {
    unsigned words[BITS / 32];
};

int bits_set(struct bits *bits, int index);
int bits_has(const struct bits *bits, int index);
int bits_count(const struct bits *bits);
#endif
