/* The part of the standard header that contracts need. */
#ifndef STDLIB_H
#define STDLIB_H

#include <stddef.h>

/* Never null: a contract without memory is ended. */
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void free(void *memory);
_Noreturn void abort(void);
int atoi(const char *text);

#endif
