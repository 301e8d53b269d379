#include "trim.h"
#include "tap.h"

static void test_blank(void) {
    char text[] = "   ";
    ok(strcmp(trim(text), "") == 0, "only blanks");
    char none[] = "";
    ok(strcmp(trim(none), "") == 0, "nothing");
}

static void test_kinds(void) {
    char text[] = "\t a\tb \r\n";
    ok(strcmp(trim(text), "a\tb") == 0, "all kinds");
}

static void test_in_place(void) {
    char text[] = " x ";
    ok(trim(text) == text, "the same");
    ok(strcmp(text, "x") == 0, "in place");
}

int main(void) {
    test_blank();
    test_kinds();
    test_in_place();
    return tap_end();
}
