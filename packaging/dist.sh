#!/bin/sh
# Makes what is handed out of a release build: dist/ with a tarball, a Debian package, their sums.
#
# The same commit, built with the same compiler and libraries, gives the same bytes: files are sorted,
# belong to root and are as old as the commit, or as SOURCE_DATE_EPOCH says.
set -eu
umask 022
cd "$(dirname "$0")/.."

version=$(sed -n 's/.*static let current = "\(.*\)"/\1/p' Sources/Model/Version.swift)
[ -n "$version" ] || { echo "Sources/Model/Version.swift names no version" >&2; exit 1; }
[ "$(uname -s)" = Linux ] || { echo "make dist works on Linux only" >&2; exit 1; }
repository=${REPOSITORY:-https://github.com/OWNER/keyscan}
maintainer=${MAINTAINER:-The keyscan authors <keyscan@OWNER.invalid>}
: "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct)}"
export SOURCE_DATE_EPOCH LC_ALL=C
work=.build/dist
name=keyscan-$version-linux-$(uname -m)
architecture=$(dpkg --print-architecture)
package=keyscan_$version-1_$architecture.deb
rm -rf "$work" dist
mkdir -p "$work/$name/completions" "$work/$name/man/man1" "$work/deb/DEBIAN" "$work/debian" dist

# What all packages hold.
tree=$work/$name
python3 packaging/link.py "$work/keyscan"
install -m 755 "$work/keyscan" "$tree/keyscan"
strip --strip-all "$tree/keyscan"
python3 packaging/notices.py "$work/keyscan.archives" "$tree/THIRD-PARTY-NOTICES"
python3 packaging/manual.py "$tree/keyscan" "$tree/man/man1" "$(date -u -d "@$SOURCE_DATE_EPOCH" +%F)"
"$tree/keyscan" --generate-completion-script bash >"$tree/completions/keyscan.bash"
"$tree/keyscan" --generate-completion-script zsh >"$tree/completions/_keyscan"
"$tree/keyscan" --generate-completion-script fish >"$tree/completions/keyscan.fish"
install -m 644 LICENSE README.md CHANGELOG.md "$tree"
find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
tar --sort=name --owner=0 --group=0 --numeric-owner --format=gnu -C "$work" -cf - "$name" |
  gzip -9n >"dist/$name.tar.gz"

# The Debian package: the same files, where Debian has them.
root=$work/deb
documents=$root/usr/share/doc/keyscan
install -D -m 755 "$tree/keyscan" "$root/usr/bin/keyscan"
install -d "$root/usr/share/bash-completion/completions"
# It is read by bash, not run.
sed '1{/^#!/d}' "$tree/completions/keyscan.bash" \
  >"$root/usr/share/bash-completion/completions/keyscan"
install -D -m 644 "$tree/completions/_keyscan" "$root/usr/share/zsh/vendor-completions/_keyscan"
install -D -m 644 "$tree/completions/keyscan.fish" \
  "$root/usr/share/fish/vendor_completions.d/keyscan.fish"
for page in "$tree"/man/man1/*.1; do
  install -D -m 644 "$page" "$root/usr/share/man/man1/$(basename "$page")"
done
install -D -m 644 CHANGELOG.md "$documents/changelog"
cat >"$documents/changelog.Debian" <<END
keyscan ($version-1) unstable; urgency=medium

  * Version $version; changelog.gz says what is new.

 -- $maintainer  $(date -u -R -d "@$SOURCE_DATE_EPOCH")
END
{
  printf 'Source: %s\n\nkeyscan itself:\n\n' "$repository"
  cat LICENSE
  printf '\n'
  # Not a file of its own: images leave out all other documents.
  cat "$tree/THIRD-PARTY-NOTICES"
} >"$documents/copyright"
install -D -m 644 packaging/lintian-overrides "$root/usr/share/lintian/overrides/keyscan"
gzip -9n "$root"/usr/share/man/man1/*.1 "$documents/changelog" "$documents/changelog.Debian"

# What the program needs is read from the program.
printf 'Source: keyscan\n\nPackage: keyscan\nArchitecture: any\n' >"$work/debian/control"
needs=$(cd "$work" && dpkg-shlibdeps -O -e deb/usr/bin/keyscan 2>/dev/null |
  sed -n 's/^shlibs:Depends=//p')
[ -n "$needs" ] || { echo "dpkg-shlibdeps does not say what keyscan needs" >&2; exit 1; }
cat >"$root/DEBIAN/control" <<END
Package: keyscan
Version: $version-1
Section: utils
Priority: optional
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $(du -k -s "$root/usr" | cut -f1)
Depends: $needs
Recommends: git
Suggests: git-filter-repo
Homepage: $repository
Description: finds secrets that would leave a machine with a push
 keyscan reads the work tree, the index and the whole history of a git
 repository, finds keys, tokens and files of environment variables that
 git does not ignore, and says where each stands and what to do.
 .
 It works offline, sends nothing anywhere and runs nothing that a
 scanned repository holds.
END
(cd "$root" && find usr -type f | sort | xargs md5sum >DEBIAN/md5sums)
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group --build "$root" "dist/$package" >/dev/null

(cd dist && sha256sum "$name.tar.gz" "$package" >SHA256SUMS)
needed=$(readelf -d "$tree/keyscan" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | tr '\n' ' ')
echo "linked dynamically: $needed"
echo "needed by $package: $needs"
ls -l dist
