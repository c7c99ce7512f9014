#ifndef KEYSCAN_CARCHIVE_H
#define KEYSCAN_CARCHIVE_H

#include <stddef.h>
#include <stdint.h>

// Reading archives from memory with libarchive, which is loaded when the first one is met: with all
// that it needs for writing and for formats that are never asked for, linking it costs every start
// three milliseconds. A program that is linked with the library's archive uses that.

/// What a container may be; of each kind libarchive is told nothing else.
enum keyscan_archive_kind {
  KEYSCAN_ARCHIVE_ZIP,
  KEYSCAN_ARCHIVE_7Z,
  KEYSCAN_ARCHIVE_TAR,
  KEYSCAN_ARCHIVE_CPIO,
  KEYSCAN_ARCHIVE_AR,
  /// Compressed data: a tar or cpio archive, or else one stream.
  KEYSCAN_ARCHIVE_GZIP,
  KEYSCAN_ARCHIVE_BZIP2,
  KEYSCAN_ARCHIVE_XZ,
  KEYSCAN_ARCHIVE_ZSTD,
  KEYSCAN_ARCHIVE_LZ4,
  KEYSCAN_ARCHIVE_LZIP,
};

/// What an entry of an archive says of itself; texts live until the next call.
struct keyscan_archive_entry {
  /// NULL if the name cannot be told.
  const char *name;
  /// What a symbolic link says; NULL for all else.
  const char *link;
  /// It has bytes of its own.
  int is_file;
  int is_encrypted;
  /// The archive is one compressed stream, and the name is made up.
  int is_raw;
};

/// Whether libarchive is at hand.
int keyscan_archive_is_there(void);

/// Begins to read `count` bytes, which must stay where they are; NULL if there is no memory.
///
/// Whether they are such an archive tells the first entry.
void *keyscan_archive_open(const void *bytes, size_t count, enum keyscan_archive_kind kind);

/// 1 for an entry, 0 at the end, -1 if there is no going on.
int keyscan_archive_next(void *archive, struct keyscan_archive_entry *entry);

/// Lends the next bytes of the entry: 1 if there are some, 2 if something is wrong with them, such as
/// their checksum, 0 at its end, -1 if the rest of it cannot be read, -2 if there is no going on.
int keyscan_archive_read(void *archive, const void **bytes, size_t *count);

/// What went wrong last, in libarchive's words; lives as long as the archive.
const char *keyscan_archive_fault(void *archive);

void keyscan_archive_close(void *archive);

#endif
