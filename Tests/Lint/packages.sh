#!/bin/sh
# Installs those of the named Debian packages that are missing; elsewhere says what to install.
set -eu

if ! command -v dpkg-query >/dev/null 2>&1; then
  for module in libgit2 libhs libpcre2-8 libdeflate zlib sqlite3; do
    pkg-config --exists "$module" 2>/dev/null || missing="${missing:-} $module"
  done
  [ -z "${missing:-}" ] && exit 0
  echo "These libraries are missing:$missing. With Homebrew:" >&2
  echo "  brew install pkg-config libgit2 vectorscan pcre2 libdeflate zlib sqlite libarchive" >&2
  exit 1
fi

missing=
for package in "$@"; do
  state=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) || state=
  case "$state" in
    *" installed") ;;
    *) missing="$missing $package" ;;
  esac
done
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ]; then
  as_root=
elif command -v sudo >/dev/null 2>&1; then
  as_root=sudo
else
  echo "These packages are missing. As root, run:" >&2
  echo "  apt-get install$missing" >&2
  exit 1
fi

echo "Installing$missing"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
$as_root apt-get install -y --no-install-recommends $missing >/dev/null 2>&1 || {
  # The list of packages may be missing or old.
  $as_root apt-get update -qq
  $as_root apt-get install -y --no-install-recommends $missing
}
