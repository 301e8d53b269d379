#include "number.h"
#include "tap.h"

static void test_empty(void) {
    int value = 5;
    ok(!number_parse("", &value), "empty");
    ok(!number_parse("-", &value), "sign");
    ok(!number_parse(" 1", &value), "space before");
    ok(!number_parse("1 ", &value), "space after");
    ok(value == 5, "left alone");
}

static void test_large(void) {
    int value = 5;
    ok(!number_parse("2147483648", &value), "too large");
    ok(!number_parse("99999999999999999999", &value), "much too large");
    ok(number_parse("-2147483648", &value) && value == -2147483647 - 1, "the least");
    ok(number_parse("+3", &value) && value == 3, "plus");
}

int main(void) {
    test_empty();
    test_large();
    return tap_end();
}
