#include "join.h"
#include "tap.h"

static void test_short(void) {
    const char *parts[] = {"abc", "def"};
    char out[8] = "#######";
    ok(join(out, 5, parts, 2, ',') == 7, "length");
    ok(strcmp(out, "abc,") == 0, "cut");
    ok(out[5] == '#', "not beyond");
}

static void test_zero(void) {
    const char *parts[] = {"abc"};
    char out[2] = "#";
    ok(join(out, 0, parts, 1, ',') == 3, "length");
    ok(out[0] == '#', "untouched");
}

static void test_missing(void) {
    const char *parts[] = {NULL, "a", NULL, "b"};
    char out[8];
    ok(join(out, sizeof out, parts, 4, '-') == 3, "length");
    ok(strcmp(out, "a-b") == 0, "text");
}

static void test_exact(void) {
    const char *parts[] = {"ab"};
    char out[3];
    join(out, 3, parts, 1, ',');
    ok(strcmp(out, "ab") == 0, "fits");
}

int main(void) {
    test_short();
    test_zero();
    test_missing();
    test_exact();
    return tap_end();
}
