#include "bits.h"
#include "tap.h"

static void test_small(void) {
    struct bits bits = {{0}};
    ok(bits_set(&bits, 3), "set");
    ok(bits_has(&bits, 3), "has");
    ok(!bits_has(&bits, 4), "has not");
}

static void test_count(void) {
    struct bits bits = {{0}};
    bits_set(&bits, 1);
    bits_set(&bits, 1);
    ok(bits_count(&bits) == 1, "count");
}

static void test_large(void) {
    struct bits bits = {{0}};
    bits_set(&bits, 100);
    ok(bits_has(&bits, 100), "has 100");
}

int main(void) {
    test_small();
    test_count();
    test_large();
    return tap_end();
}
