#include "join.h"
#include "tap.h"

static void test_joins(void) {
    const char *parts[] = {"a", "bc"};
    char out[8];
    ok(join(out, sizeof out, parts, 2, ',') == 4, "length");
    ok(strcmp(out, "a,bc") == 0, "text");
}

static void test_nothing(void) {
    char out[4] = "x";
    ok(join(out, sizeof out, NULL, 0, ',') == 0, "length");
    ok(out[0] == 0, "text");
}

int main(void) {
    test_joins();
    test_nothing();
    return tap_end();
}
