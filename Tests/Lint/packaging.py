#!/usr/bin/env python3
"""Holds what packages are made from against what it is about.

Fails when a page of the manual is no good mdoc or leaves out a variable that keyscan reads, when
the container file, the formula or a script does not pass its linter, and when the formula or the
documentation names another version than keyscan has.
"""

import glob
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KEYSCAN = os.path.join(ROOT, ".build", "debug", "keyscan")
HADOLINT = os.path.join(ROOT, ".build", "lint", "bin", "hadolint")


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def check(*command):
    """What a linter has to say."""
    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    said = checked.stdout + checked.stderr
    return [f"{command[0]}: {said}"] if checked.returncode else []


def variables():
    """The variables of the environment that the sources read."""
    found = set()
    for path in glob.glob(os.path.join(ROOT, "Sources", "**", "*.swift"), recursive=True):
        found |= set(re.findall(r'(?:Process\.variable|userFolder)\("([A-Z][A-Z_]+)"', read(path)))
    return found - {"HOME", "XDG_CONFIG_HOME"}


def manual(folder):
    faults = check(sys.executable, "packaging/manual.py", KEYSCAN, folder, "2026-01-01")
    if faults:
        return faults
    for page in sorted(glob.glob(os.path.join(folder, "*.1"))):
        with open(page, encoding="utf-8") as file:
            text = file.read()
        if text.startswith(".so "):
            continue
        # That it does not know the other pages, which are not installed, is of its lowest level.
        faults += check("mandoc", "-T", "lint", "-W", "warning", page)
        if os.path.basename(page) == "keyscan.1":
            told = text.split(".Sh ENVIRONMENT")[1].split(".Sh FILES")[0]
            faults += [f"keyscan.1 does not tell of {name}" for name in sorted(variables())
                       if not re.search(rf"\b{name}\b", told)]
    return faults


def main():
    with tempfile.TemporaryDirectory() as folder:
        faults = manual(folder)
    faults += check(HADOLINT, "Containerfile")
    faults += check("ruby", "-c", "packaging/homebrew/keyscan.rb")
    faults += check("shellcheck", "packaging/dist.sh", *glob.glob("Tests/*/*.sh", root_dir=ROOT))
    version = re.search(r'current = "(.*)"', read("Sources/Model/Version.swift"))[1]
    for path in ("packaging/homebrew/keyscan.rb", "docs/adopting.md", "action.yml"):
        for named in re.findall(r"\bv(\d+\.\d+\.\d+)\b", read(path)):
            if named != version:
                faults.append(f"{path} names version {named}; keyscan is {version}")
    for fault in faults:
        print(fault, file=sys.stderr)
    if not faults:
        print("the manual, the container file, the formula and the scripts pass their linters")
    sys.exit(bool(faults))


main()
