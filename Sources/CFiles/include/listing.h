#ifndef KEYSCAN_LISTING_H
#define KEYSCAN_LISTING_H

#include <stddef.h>

#ifdef __linux__
#include <sys/syscall.h>
#include <unistd.h>

/// Reads names of an open folder as the kernel has them; syscall(2) takes variable arguments,
/// which Swift cannot call.
///
/// Returns the number of bytes read, 0 at the end, or -1 and errno. readdir(3) would do the
/// same with four more calls for each folder.
static inline long keyscan_getdents(int folder, void *buffer, size_t size) {
  return syscall(SYS_getdents64, folder, buffer, size);
}
#endif

#endif
