#include "carchive.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/types.h>

// Where the library's own headers are at hand, the compiler holds these declarations against them.
#if __has_include(<archive.h>) && __has_include(<archive_entry.h>)
#include <archive.h>
#include <archive_entry.h>
#else
struct archive;
struct archive_entry;
#endif

#define KEYSCAN_FUNCTIONS(USE)                                                              \
  USE(struct archive *, archive_read_new, (void))                                           \
  USE(int, archive_read_free, (struct archive *))                                           \
  USE(int, archive_read_open_memory, (struct archive *, const void *, size_t))              \
  USE(int, archive_read_append_filter, (struct archive *, int))                             \
  USE(int, archive_read_support_format_zip, (struct archive *))                             \
  USE(int, archive_read_support_format_7zip, (struct archive *))                            \
  USE(int, archive_read_support_format_tar, (struct archive *))                             \
  USE(int, archive_read_support_format_cpio, (struct archive *))                            \
  USE(int, archive_read_support_format_ar, (struct archive *))                              \
  USE(int, archive_read_support_format_raw, (struct archive *))                             \
  USE(int, archive_read_support_format_empty, (struct archive *))                           \
  USE(int, archive_format, (struct archive *))                                              \
  USE(int, archive_read_next_header, (struct archive *, struct archive_entry **))           \
  USE(int, archive_read_data_block, (struct archive *, const void **, size_t *, int64_t *)) \
  USE(const char *, archive_error_string, (struct archive *))                               \
  USE(const char *, archive_entry_pathname, (struct archive_entry *))                       \
  USE(const char *, archive_entry_pathname_utf8, (struct archive_entry *))                  \
  USE(const char *, archive_entry_symlink, (struct archive_entry *))                        \
  USE(const char *, archive_entry_symlink_utf8, (struct archive_entry *))                   \
  USE(int, archive_entry_is_encrypted, (struct archive_entry *))                            \
  USE(mode_t, archive_entry_filetype, (struct archive_entry *))

#define DECLARE(type, name, parameters) extern type name parameters __attribute__((weak));
KEYSCAN_FUNCTIONS(DECLARE)

#define MEMBER(type, name, parameters) type(*name) parameters;
static struct {
  KEYSCAN_FUNCTIONS(MEMBER)
  int is_there;
} library;

static const char *const paths[] = {
#ifdef __APPLE__
    "/opt/homebrew/opt/libarchive/lib/libarchive.13.dylib",
    "/usr/local/opt/libarchive/lib/libarchive.13.dylib",
    "/usr/lib/libarchive.2.dylib",
#else
    "libarchive.so.13",
#endif
};

static void load(void) {
  void *handle = NULL;
  if (archive_read_new == NULL) {
    for (size_t i = 0; handle == NULL && i < sizeof paths / sizeof *paths; i++)
      handle = dlopen(paths[i], RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) return;
  }
#define FIND(type, name, parameters)                                         \
  library.name = handle == NULL ? name : (type(*) parameters)dlsym(handle, #name); \
  if (library.name == NULL) return;
  KEYSCAN_FUNCTIONS(FIND)
  library.is_there = 1;
}

int keyscan_archive_is_there(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return library.is_there;
}

// Numbers of libarchive's that are part of its interface.
enum {
  OK = 0, END = 1, WARN = -20, FAILED = -25,
  FILTER_GZIP = 1, FILTER_BZIP2 = 2, FILTER_XZ = 6, FILTER_LZIP = 9,
  FILTER_LZ4 = 13, FILTER_ZSTD = 14,
  FORMAT_MASK = 0xff0000, FORMAT_RAW = 0x90000,
  /// The most bytes that a stream without content has.
  MOST_OF_NOTHING = 64,
  TYPE_FILE = 0100000, TYPE_LINK = 0120000,
};

/// Compressed data is undone once: libarchive would go on by itself, and what it makes on the way
/// nobody counts.
static int add_filter(struct archive *archive, enum keyscan_archive_kind kind) {
  switch (kind) {
    case KEYSCAN_ARCHIVE_GZIP: return library.archive_read_append_filter(archive, FILTER_GZIP);
    case KEYSCAN_ARCHIVE_BZIP2: return library.archive_read_append_filter(archive, FILTER_BZIP2);
    case KEYSCAN_ARCHIVE_XZ: return library.archive_read_append_filter(archive, FILTER_XZ);
    case KEYSCAN_ARCHIVE_LZ4: return library.archive_read_append_filter(archive, FILTER_LZ4);
    case KEYSCAN_ARCHIVE_LZIP: return library.archive_read_append_filter(archive, FILTER_LZIP);
    case KEYSCAN_ARCHIVE_ZSTD: return library.archive_read_append_filter(archive, FILTER_ZSTD);
    default: return OK;
  }
}

static void add_formats(struct archive *archive, enum keyscan_archive_kind kind, size_t count) {
  switch (kind) {
    case KEYSCAN_ARCHIVE_ZIP: library.archive_read_support_format_zip(archive); break;
    case KEYSCAN_ARCHIVE_7Z: library.archive_read_support_format_7zip(archive); break;
    case KEYSCAN_ARCHIVE_TAR: library.archive_read_support_format_tar(archive); break;
    case KEYSCAN_ARCHIVE_CPIO: library.archive_read_support_format_cpio(archive); break;
    case KEYSCAN_ARCHIVE_AR: library.archive_read_support_format_ar(archive); break;
    default:
      library.archive_read_support_format_raw(archive);
      // To libarchive a stream that breaks off at once is as empty as one that holds nothing.
      if (count <= MOST_OF_NOTHING) library.archive_read_support_format_empty(archive);
  }
}

struct reader {
  struct archive *archive;
  const void *bytes;
  size_t count;
  enum keyscan_archive_kind kind;
  /// It may be an archive that was compressed, of which there was no entry yet.
  int may_be_archive;
};

static int is_compressed(enum keyscan_archive_kind kind) { return kind >= KEYSCAN_ARCHIVE_GZIP; }

static int open_archive(struct reader *reader) {
  struct archive *archive = reader->archive = library.archive_read_new();
  if (archive == NULL) return 0;
  if (reader->may_be_archive) {
    library.archive_read_support_format_tar(archive);
    library.archive_read_support_format_cpio(archive);
  }
  add_formats(archive, reader->kind, reader->count);
  // What fails here fails at the first entry, with the reason.
  if (add_filter(archive, reader->kind) >= WARN)
    (void)library.archive_read_open_memory(archive, reader->bytes, reader->count);
  return 1;
}

void *keyscan_archive_open(const void *bytes, size_t count, enum keyscan_archive_kind kind) {
  struct reader *reader = malloc(sizeof *reader);
  if (reader == NULL) return NULL;
  *reader = (struct reader){NULL, bytes, count, kind, is_compressed(kind)};
  if (open_archive(reader)) return reader;
  free(reader);
  return NULL;
}

int keyscan_archive_next(void *handle, struct keyscan_archive_entry *out) {
  struct reader *reader = handle;
  struct archive_entry *entry = NULL;
  int status = library.archive_read_next_header(reader->archive, &entry);
  if (status == END && reader->may_be_archive) {
    // What begins with zeros is an archive without entries to libarchive, whatever comes then.
    reader->may_be_archive = 0;
    library.archive_read_free(reader->archive);
    if (!open_archive(reader)) return -1;
    status = library.archive_read_next_header(reader->archive, &entry);
  }
  reader->may_be_archive = 0;
  if (status == END) return 0;
  if (status < WARN || entry == NULL) return -1;
  out->name = library.archive_entry_pathname(entry);
  if (out->name == NULL) out->name = library.archive_entry_pathname_utf8(entry);
  mode_t type = library.archive_entry_filetype(entry) & 0170000;
  out->link = NULL;
  if (type == TYPE_LINK) {
    out->link = library.archive_entry_symlink(entry);
    if (out->link == NULL) out->link = library.archive_entry_symlink_utf8(entry);
  }
  // Members of ar archives and streams have no type.
  out->is_file = type == TYPE_FILE || type == 0;
  out->is_encrypted = library.archive_entry_is_encrypted(entry);
  out->is_raw = (library.archive_format(reader->archive) & FORMAT_MASK) == FORMAT_RAW;
  return 1;
}

int keyscan_archive_read(void *handle, const void **bytes, size_t *count) {
  struct reader *reader = handle;
  int64_t offset = 0;
  // Holes of sparse files are not filled: nothing stands in them.
  int status = library.archive_read_data_block(reader->archive, bytes, count, &offset);
  if (status == END) return 0;
  if (status == OK) return 1;
  if (status >= WARN) return 2;
  return status == FAILED ? -1 : -2;
}

const char *keyscan_archive_fault(void *handle) {
  struct reader *reader = handle;
  if (reader->archive == NULL) return "no memory";
  const char *fault = library.archive_error_string(reader->archive);
  return fault == NULL ? "no detail" : fault;
}

void keyscan_archive_close(void *handle) {
  struct reader *reader = handle;
  if (reader->archive != NULL) library.archive_read_free(reader->archive);
  free(reader);
}
