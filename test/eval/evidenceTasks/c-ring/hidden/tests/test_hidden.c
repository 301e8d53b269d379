#include "ring.h"
#include "tap.h"

static void test_wrap(void) {
    struct ring ring = {0};
    int value = 0, good = 1;
    for (int i = 0; i < 20; i++) {
        good = good && ring_push(&ring, i) && ring_pop(&ring, &value) && value == i;
    }
    ok(good, "wraps");
}

static void test_full(void) {
    struct ring ring = {0};
    int value = 0;
    for (int i = 0; i < RING_ROOM; i++) ok(ring_push(&ring, i), "room");
    ok(!ring_push(&ring, 9), "full");
    ok(ring.count == RING_ROOM, "count");
    ring_pop(&ring, &value);
    ok(ring_push(&ring, 9), "room again");
    for (int i = 1; i < RING_ROOM; i++) ok(ring_pop(&ring, &value) && value == i, "kept");
    ok(ring_pop(&ring, &value) && value == 9, "last");
}

int main(void) {
    test_wrap();
    test_full();
    return tap_end();
}
