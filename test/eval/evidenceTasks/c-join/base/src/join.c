#include "join.h"
#include <string.h>

size_t join(char *out, size_t size, const char *const *parts, size_t count, char separator) {
    size_t length = 0;
    (void)size;
    for (size_t index = 0; index < count; index++) {
        if (index > 0) {
            out[length++] = separator;
        }
        strcpy(out + length, parts[index]);
        length += strlen(parts[index]);
    }
    out[length] = 0;
    return length;
}
