#include "bits.h"

int bits_set(struct bits *bits, int index) {
    bits->words[0] |= 1u << index;
    return 1;
}

int bits_has(const struct bits *bits, int index) {
    return (bits->words[0] >> index) & 1u;
}

int bits_count(const struct bits *bits) {
    int count = 0;
    for (int index = 0; index < 32; index++) {
        count += bits_has(bits, index);
    }
    return count;
}
