#include "trim.h"
#include "tap.h"

static void test_end(void) {
    char text[] = "abc  ";
    ok(strcmp(trim(text), "abc") == 0, "at the end");
}

static void test_start(void) {
    char text[] = "  abc";
    ok(strcmp(trim(text), "abc") == 0, "at the start");
}

static void test_inside(void) {
    char text[] = "a b";
    ok(strcmp(trim(text), "a b") == 0, "inside");
}

int main(void) {
    test_end();
    test_start();
    test_inside();
    return tap_end();
}
