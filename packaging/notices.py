#!/usr/bin/env python3
"""Writes the licence notices of all that a linked keyscan holds, from where they stand.

    notices.py ARCHIVES OUTPUT

ARCHIVES is the list that link.py wrote. Notices of libraries are those of their Debian packages, of
Swift packages the files and headers of their checkouts, of Swift's runtime its own. A notice that is
not found is a failure, so that nothing is handed out without.
"""

import glob
import json
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# What Swift packages and Swift's runtime hold without a notice of its own.
HELD = {"libyaml-0-2": "LibYAML, in Yams", "libicu-dev": "ICU, in Swift's Foundation"}


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read().strip()


def query(*arguments):
    return subprocess.run(
        ["dpkg-query", *arguments], check=True, capture_output=True, text=True).stdout.strip()


def debian(package):
    """What a Debian package is, and its notice."""
    about = query("-W", "-f", "${source:Package} ${source:Version}\n", package).splitlines()[0]
    return f"Debian source package {about}", read(f"/usr/share/doc/{package}/copyright")


def headers(checkout):
    """The different headers with a licence in a package's C sources."""
    found = {}
    for folder, _, names in sorted(os.walk(os.path.join(checkout, "Sources"))):
        for name in sorted(names):
            if not name.endswith((".c", ".cc", ".h", ".inc", ".S")):
                continue
            head = re.match(r"\s*(/\*.*?\*/|(?://[^\n]*\n)+)", read(os.path.join(folder, name)),
                            re.DOTALL)
            if head and re.search("copyright|licen[cs]e|public domain", head[1], re.IGNORECASE):
                lines = [re.sub(r"^[\s/*]+|[\s*/]+$", "", line) for line in head[1].splitlines()]
                text = "\n".join(lines).strip()
                # The same text of other years is the same licence.
                found.setdefault(re.sub(r"[\d\W]+", " ", text), text)
    return list(found.values())


def swift_packages():
    state = json.loads(read(os.path.join(ROOT, ".build", "workspace-state.json")))
    for package in state["object"]["dependencies"]:
        reference = package["packageRef"]
        checkout = os.path.join(ROOT, ".build", "checkouts", package["subpath"])
        files = sorted(glob.glob(os.path.join(checkout, "LICENSE*"))
                       + glob.glob(os.path.join(checkout, "NOTICE*")))
        if not any("LICENSE" in file for file in files):
            raise SystemExit(f"notices.py: {checkout} has no LICENSE")
        version = package["state"]["checkoutState"].get("version", "")
        yield (f"{reference['identity']} {version}", reference["location"],
               "\n\n".join([read(file) for file in files] + headers(checkout)))


def main():
    archives, output = sys.argv[1:]
    parts = []
    packages = {}
    for archive in read(archives).splitlines():
        package = query("-S", archive).split(":")[0]
        packages.setdefault(package, []).append(os.path.basename(archive))
    by_text = {}
    for package, names in packages.items():
        # Packages that are made of one source have one notice.
        by_text.setdefault(debian(package), []).extend(names)
    for (source, text), names in by_text.items():
        parts.append((", ".join(names), source, text))
    for package, name in HELD.items():
        parts.append((name, *debian(package)))
    parts += swift_packages()
    swift = os.path.dirname(os.path.dirname(os.path.realpath(shutil.which("swiftc"))))
    parts.append(("Swift's runtime, Foundation and Dispatch", "https://www.swift.org",
                  read(os.path.join(swift, "share", "swift", "LICENSE.txt"))))
    with open(output, "w", encoding="utf-8") as file:
        file.write("keyscan is linked with what follows; each part is under its own licence.\n")
        for name, source, text in parts:
            file.write(f"\n{'=' * 78}\n{name}\n{source}\n{'=' * 78}\n\n{text}\n")


main()
