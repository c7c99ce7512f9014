#!/usr/bin/env python3
"""Holds the manifest against ARCHITECTURE.md's table of rooms, and the code against the unsafe rule.

Fails when a target is missing from the table, when it depends on one that the table does not
admit or that is not on a lower level, and when the word "unsafe" stands in Swift code outside of
the five rooms that wrap C.
"""

import json
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
UNSAFE_ROOMS = {"Files", "Git", "Packs", "Matching", "Archives"}


def rooms():
    """The table's rows: name -> (level, names of the rooms that it may use)."""
    found = {}
    with open(os.path.join(ROOT, "ARCHITECTURE.md"), encoding="utf-8") as file:
        for line in file:
            row = re.match(r"\| (\d) \| `([\w-]+)` \|[^|]*\|(.*)\|$", line)
            if row:
                found[row[2]] = (int(row[1]), set(re.findall(r"`([\w-]+)`", row[3])))
    return found


def dependencies(target):
    for dependency in target["dependencies"]:
        for kind in ("byName", "target"):
            if kind in dependency:
                yield dependency[kind][0]
        if "product" in dependency:
            yield dependency["product"][0]


def main():
    faults = []
    table = rooms()
    package = json.loads(subprocess.run(
        ["swift", "package", "dump-package"], cwd=ROOT, check=True, capture_output=True).stdout)
    for target in package["targets"]:
        name = target["name"]
        if target["type"] == "test" or target.get("path", "").startswith("Tests/"):
            continue
        if name not in table:
            faults.append(f"{name} is not in ARCHITECTURE.md's table")
            continue
        level, admitted = table[name]
        for other in dependencies(target):
            if other not in admitted:
                faults.append(f"{name} uses {other}, which its row in ARCHITECTURE.md does not name")
            if other in table and table[other][0] >= level:
                faults.append(f"{name} (level {level}) uses {other} (level {table[other][0]})")
    for name in table.keys() - {target["name"] for target in package["targets"]}:
        faults.append(f"ARCHITECTURE.md's table names {name}, which is no target")

    sources = os.path.join(ROOT, "Sources")
    for folder, _, names in os.walk(sources):
        room = os.path.relpath(folder, sources).split(os.sep)[0]
        if room in UNSAFE_ROOMS:
            continue
        for name in names:
            if not name.endswith(".swift"):
                continue
            path = os.path.join(folder, name)
            with open(path, encoding="utf-8") as file:
                for number, line in enumerate(file, 1):
                    code = line.split("//")[0]
                    if re.search(r"\bunsafe\b|@unchecked|nonisolated\(unsafe\)", code):
                        faults.append(f"{os.path.relpath(path, ROOT)}:{number}: unsafe code")
    for fault in faults:
        print(fault)
    if not faults:
        print(f"{len(table)} rooms are as ARCHITECTURE.md says")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
