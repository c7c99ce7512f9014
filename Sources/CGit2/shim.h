#include <git2.h>

// git_libgit2_opts takes variable arguments, which Swift cannot call.

/// Lets a repository be opened whoever owns it.
static inline int keyscan_git_ignore_ownership(void) {
  return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
}

/// Adds the names of repository extensions that the caller copes with.
static inline int keyscan_git_admit_extensions(const char **names, size_t count) {
  return git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, names, count);
}
