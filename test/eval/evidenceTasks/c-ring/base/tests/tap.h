#ifndef TAP_H
#define TAP_H
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

static inline void ok(int passed, const char *name) {
    tap_count++;
    if (!passed) tap_failed++;
    printf("%s %d - %s\n", passed ? "ok" : "not ok", tap_count, name);
}

static inline int tap_end(void) {
    printf("1..%d\n", tap_count);
    return tap_failed > 0;
}
#endif
