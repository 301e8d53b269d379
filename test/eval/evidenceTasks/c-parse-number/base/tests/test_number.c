#include "number.h"
#include "tap.h"

static void test_plain(void) {
    int value = 0;
    ok(number_parse("42", &value) && value == 42, "42");
    ok(number_parse("-7", &value) && value == -7, "-7");
}

static void test_letters(void) {
    int value = 0;
    ok(!number_parse("abc", &value), "abc");
    ok(!number_parse("12x", &value), "12x");
}

int main(void) {
    test_plain();
    test_letters();
    return tap_end();
}
