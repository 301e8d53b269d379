#ifndef JOIN_H
#define JOIN_H
#include <stddef.h>
size_t join(char *out, size_t size, const char *const *parts, size_t count, char separator);
#endif
