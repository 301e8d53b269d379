#include "number.h"
#include <stdlib.h>

int number_parse(const char *text, int *result) {
    *result = atoi(text);
    return 1;
}
