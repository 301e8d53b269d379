#include "ring.h"
#include "tap.h"

static void test_one(void) {
    struct ring ring = {0};
    int value = 0;
    ok(ring_push(&ring, 7), "push");
    ok(ring_pop(&ring, &value) && value == 7, "pop");
}

static void test_empty(void) {
    struct ring ring = {0};
    int value = 0;
    ok(!ring_pop(&ring, &value), "nothing to pop");
}

static void test_order(void) {
    struct ring ring = {0};
    int value = 0;
    ring_push(&ring, 1);
    ring_push(&ring, 2);
    ring_pop(&ring, &value);
    ok(value == 1, "first in, first out");
}

int main(void) {
    test_one();
    test_empty();
    test_order();
    return tap_end();
}
