#include "bits.h"
#include "tap.h"

static void test_apart(void) {
    struct bits bits = {{0}};
    bits_set(&bits, 33);
    ok(!bits_has(&bits, 1), "not 1");
    ok(!bits_has(&bits, 65), "not 65");
}

static void test_limits(void) {
    struct bits bits = {{0}};
    ok(bits_set(&bits, BITS - 1), "last");
    ok(!bits_set(&bits, BITS), "beyond");
    ok(!bits_set(&bits, -1), "before");
    ok(!bits_has(&bits, -1) && !bits_has(&bits, BITS + 5), "not there");
    ok(bits_count(&bits) == 1, "one");
}

static void test_all(void) {
    struct bits bits = {{0}};
    for (int i = 0; i < BITS; i++) bits_set(&bits, i);
    ok(bits_count(&bits) == BITS, "all");
}

int main(void) {
    test_apart();
    test_limits();
    test_all();
    return tap_end();
}
