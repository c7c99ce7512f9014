// libgit2 that is built with Mbed TLS reads and decodes every certificate of the system when it
// is started, which takes longer than all else that a commit hook does. keyscan never connects
// through libgit2: it shall find no certificates, and so would refuse every server.
//
// A program's functions are found before those of its libraries. `weak` gives way to the real one
// where everything is linked into one file, unless that was taken away (packaging/link.py).

#if defined(__linux__)
int mbedtls_x509_crt_parse_file(void *chain, const char *path);

__attribute__((weak, visibility("default"))) int mbedtls_x509_crt_parse_file(
    void *chain, const char *path) {
  (void)chain;
  (void)path;
  return 0;
}
#else
typedef int keyscan_nothing;
#endif
