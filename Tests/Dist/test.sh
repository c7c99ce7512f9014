#!/bin/sh
# Installs the tarball and the Debian package in dist/ in a new, minimal Debian, and runs them there.
#
# The Debian is of this machine's own release and comes from where this machine's apt gets its
# packages; it is kept in .build/, so that only the first run fetches it. The arguments are the
# packages that this needs.
# shellcheck disable=SC2016
set -eu
cd "$(dirname "$0")/../.."

[ "$(id -u)" = 0 ] || { echo "make dist-test needs root, to change into another system" >&2; exit 1; }
command -v dpkg >/dev/null || { echo "make dist-test needs Debian or a system made of it" >&2; exit 1; }
sh Tests/Lint/packages.sh "$@"
# shellcheck source=/dev/null
codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
architecture=$(dpkg --print-architecture)
base=.build/debian-$codename-$architecture.tar
work=$(mktemp -d)
trap 'umount "$work"/*/proc 2>/dev/null; rm -rf --one-file-system "$work"' EXIT
trap 'exit 1' HUP INT TERM

fail() {
  echo "✘ $*" >&2
  [ ! -s "$work/said" ] || cat "$work/said" >&2
  exit 1
}

passed=0
# Runs a command in the new system as a user who owns nothing; expects its status.
expect() {
  status=$1
  shift
  seen=0
  chroot --userspec=65534:65534 "$root" "$@" >"$work/said" 2>&1 || seen=$?
  [ "$seen" = "$status" ] || fail "status $seen instead of $status: $*"
  passed=$((passed + 1))
}

# Expects the last command to have said something.
said() {
  grep -q -F -e "$1" "$work/said" || fail "not said: $1"
  passed=$((passed + 1))
}

is_there() {
  for path in "$@"; do
    [ -e "$root$path" ] || fail "not there: $path"
    passed=$((passed + 1))
  done
}

# A new system at $root.
new_system() {
  root=$work/$1
  mkdir "$root"
  tar -xf "$base" -C "$root"
  cp -R "$work/leaky" "$work/clean" "$work/packed" "$root/"
  # A Swift program has its arguments from there.
  mount -t proc proc "$root/proc" || fail "mount of /proc"
}

if [ ! -s "$base" ]; then
  mirror=$(apt-get indextargets --format '$(REPO_URI)' "Codename: $codename" "Label: Debian" \
    "Identifier: Packages" | head -n 1)
  [ -n "$mirror" ] || { echo "apt does not say where Debian $codename comes from" >&2; exit 1; }
  debootstrap --variant=minbase "$codename" "$work/base" "$mirror" >"$work/said" 2>&1 ||
    fail "debootstrap"
  rm -rf "$work/base/var/cache/apt/archives" "$work/base/var/lib/apt/lists"
  mkdir -p .build "$work/base/var/cache/apt/archives/partial" "$work/base/var/lib/apt/lists/partial"
  tar -C "$work/base" --numeric-owner -cf "$base.part" .
  mv "$base.part" "$base"
  rm -rf "$work/base"
fi

# One repository with a look-alike of a key, made now, and one without.
for name in leaky clean; do
  git init -q "$work/$name"
  echo "nothing" >"$work/$name/file"
  [ "$name" = clean ] || printf 'key = "AIza%s"\n' \
    "$(tr -dc 'A-Za-z0-9' </dev/urandom | head -c 35)" >"$work/$name/file"
  git -C "$work/$name" add file
  git -C "$work/$name" -c user.name=a -c user.email=a@example.com commit -q -m "A file"
done
version=$(sed -n 's/.*static let current = "\(.*\)"/\1/p' Sources/Model/Version.swift)
(cd dist && sha256sum --check --quiet SHA256SUMS) || fail "SHA256SUMS"

# The same key, packed.
mkdir "$work/packed"
tar -cJf "$work/packed/a.tar.xz" -C "$work/leaky" file

scans() {
  expect 0 "$1" --version
  said "$version"
  expect 1 "$1" /leaky
  said "[google.api-key]"
  expect 1 "$1" /packed
  said "a.tar.xz!/file"
  expect 0 "$1" /clean
  said "no secret found"
  expect 0 "$1" explain google.api-key
}

new_system tarball
tar -xzf "dist/keyscan-$version-linux-$(uname -m).tar.gz" -C "$root/opt" --strip-components 1
is_there /opt/man/man1/keyscan.1 /opt/completions/keyscan.bash /opt/completions/_keyscan \
  /opt/completions/keyscan.fish /opt/LICENSE /opt/THIRD-PARTY-NOTICES
scans /opt/keyscan

new_system package
cp "dist/keyscan_$version-1_$architecture.deb" "$root/keyscan.deb"
DEBIAN_FRONTEND=noninteractive chroot "$root" \
  apt-get install -y --no-install-recommends ./keyscan.deb >"$work/said" 2>&1 || fail "apt-get install"
passed=$((passed + 1))
scans keyscan
is_there /usr/share/man/man1/keyscan.1.gz /usr/share/man/man1/keyscan-hook.1.gz \
  /usr/share/bash-completion/completions/keyscan /usr/share/zsh/vendor-completions/_keyscan \
  /usr/share/fish/vendor_completions.d/keyscan.fish /usr/share/doc/keyscan/changelog.gz
for name in libgit2 hyperscan pcre2 libdeflate libarchive sqlite3 mbedtls Yams swift-crypto ICU "Swift's runtime"; do
  expect 0 grep -q -F -e "$name" /usr/share/doc/keyscan/copyright
done
expect 0 zgrep -F 'Dt KEYSCAN 1' /usr/share/man/man1/keyscan.1.gz
expect 0 bash -c '. /usr/share/bash-completion/completions/keyscan; COMP_WORDS=(keyscan --no-hist)
  COMP_CWORD=1 COMP_LINE="keyscan --no-hist" COMP_POINT=17
  _keyscan_or_scan keyscan --no-hist keyscan; echo "${COMPREPLY[@]}"'
said "--no-history"

chroot "$root" dpkg -L keyscan >"$work/files"
chroot "$root" dpkg -r keyscan >"$work/said" 2>&1 || fail "dpkg -r"
while read -r path; do
  case "$path" in
  */keyscan | */keyscan* | */_keyscan) [ ! -e "$root$path" ] || fail "left behind: $path" ;;
  esac
done <"$work/files"
passed=$((passed + 1))
expect 127 sh -c keyscan
echo "Packages: $passed checks passed in Debian $codename, $architecture"
