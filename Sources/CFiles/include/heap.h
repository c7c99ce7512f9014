#ifndef KEYSCAN_HEAP_H
#define KEYSCAN_HEAP_H

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

/// Gives memory back to the system that was freed and is held for later; malloc_trim(3), which
/// Swift's module of glibc does not have. Elsewhere it does nothing.
static inline void keyscan_give_memory_back(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

#endif
