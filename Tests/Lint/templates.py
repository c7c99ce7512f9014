#!/usr/bin/env python3
"""Holds the templates for continuous integration against what keyscan takes.

Fails when one is no YAML, when a script in it does not pass shellcheck, or when it names an option
that keyscan does not have.
"""

import os
import re
import subprocess
import sys

import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KEYSCAN = os.path.join(ROOT, ".build", "debug", "keyscan")


def load(name):
    with open(os.path.join(ROOT, name), encoding="utf-8") as file:
        return yaml.safe_load(file)


def scripts():
    """Every script in a template: where it stands, the shell that runs it, and its text."""
    for step in load("action.yml")["runs"]["steps"]:
        if "run" in step:
            yield f"action.yml: {step['name']}", step["shell"], step["run"]
    for job in load(".github/workflows/ci.yml")["jobs"].values():
        for step in job["steps"]:
            if "run" in step:
                yield f".github/workflows/ci.yml: {step['name']}", "sh", step["run"]
    yield "docs/ci/gitlab.yml", "sh", "\n".join(load("docs/ci/gitlab.yml")["keyscan"]["script"])


def main():
    faults = []
    known = subprocess.run([KEYSCAN, "scan", "--help"], capture_output=True, text=True).stdout
    options = set(re.findall(r"--[a-z][a-z-]+", known))
    for place, shell, text in scripts():
        checked = subprocess.run(["shellcheck", "--shell", shell, "-"], input=text, text=True,
                                 capture_output=True)
        if checked.returncode:
            faults.append(f"{place}: {checked.stdout}")
        for line in text.splitlines():
            if "keyscan" not in line and "command" not in line and "set --" not in line:
                continue
            for option in re.findall(r"(?<=[ (])--[a-z][a-z-]+", line):
                if option not in options:
                    faults.append(f"{place}: keyscan has no option {option}")
    for hook in load(".pre-commit-hooks.yaml"):
        if hook["pass_filenames"] or set(hook["stages"]) != {
                "pre-commit", "pre-merge-commit", "pre-push"}:
            faults.append(f".pre-commit-hooks.yaml: {hook['id']} has other stages or takes names")
        words = hook["entry"].split()[1:]
        if subprocess.run([KEYSCAN, *words, "--help"], capture_output=True).returncode:
            faults.append(f".pre-commit-hooks.yaml: {hook['id']} calls no command")
    load("docs/ci/github.yml")
    for fault in faults:
        print(fault, file=sys.stderr)
    if not faults:
        print("the templates pass shellcheck and name options that are there")
    sys.exit(bool(faults))


main()
