#include "trim.h"
#include <string.h>

char *trim(char *text) {
    size_t end = strlen(text);
    while (text[end - 1] == ' ') {
        end--;
    }
    text[end] = 0;
    return text;
}
