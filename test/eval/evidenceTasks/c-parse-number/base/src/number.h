#ifndef NUMBER_H
#define NUMBER_H
/* Returns 1 and sets the result, or 0. Decimal digits with a sign or none; no white space. */
int number_parse(const char *text, int *result);
#endif
