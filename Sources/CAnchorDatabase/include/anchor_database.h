#ifndef ANCHOR_DATABASE_H
#define ANCHOR_DATABASE_H

#include <stddef.h>

/// The serialised anchor database for processors of one kind, as `make build` computed it.
///
/// `kind` is 0 for any processor and 1 for those with AVX2. `*size` is set to 0 when nothing
/// was computed; then the database is compiled at start.
const unsigned char *keyscan_anchor_database(int kind, size_t *size);

#endif
