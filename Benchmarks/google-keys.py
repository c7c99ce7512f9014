#!/usr/bin/env python3
"""Holds what keyscan says of Google keys against labels made by hand.

Use: google-keys.py CLONES [--held-out] [--keyscan PROGRAM]

CLONES is a folder with a clone of each repository that Fixtures/google-context names, called
OWNER__NAME or NAME, at the commit named there. Prints how often each outcome was said for each
label, and every place where the two differ; of the repositories that were held out, only counts.
"""

import argparse
import collections
import csv
import glob
import json
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
LABELS = os.path.join(HERE, "..", "Fixtures", "google-context")
OUTCOMES = {"gemini": "gemini", "server": "server", "public-client": "client",
            "placeholder": "placeholder"}
COLUMNS = ["gemini", "server", "client", "placeholder", "unclear", "webhook", "not reported"]


def clone_of(repository, clones):
    names = (repository.replace("/", "__").lower(), repository.split("/")[1].lower())
    for name in os.listdir(clones):
        if name.lower() in names:
            return os.path.join(clones, name)
    return None


def said(keyscan, clone):
    """What keyscan says of each place: by path and fingerprint."""
    run = subprocess.run(
        [keyscan, ".", "--format", "json", "--min-confidence", "low", "--no-history", "--no-cache",
         "--all-places", "--no-allow-comments", "--no-repository-config"],
        cwd=clone, capture_output=True)
    return {(place["path"], finding["fingerprint"]): finding
            for finding in json.loads(run.stdout)["findings"] for place in finding["places"]}


def outcome(finding):
    if finding is None:
        return "not reported"
    if finding["rule"].startswith("google.chat-webhook"):
        return "webhook"
    return OUTCOMES.get((finding["assessment"] or {}).get("kind"), "unclear")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("clones")
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--keyscan",
                        default=os.path.join(HERE, "..", ".build", "keyscan"))
    arguments = parser.parse_args()
    keyscan = os.path.abspath(arguments.keyscan)
    folder = os.path.join(LABELS, "held-out") if arguments.held_out else LABELS
    counts, differing = collections.Counter(), []
    for name in sorted(glob.glob(os.path.join(folder, "*.tsv"))):
        with open(name, encoding="utf-8") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        clone = clone_of(rows[0]["repository"], arguments.clones)
        if clone is None:
            print(f"no clone of {rows[0]['repository']}")
            continue
        findings = said(keyscan, clone)
        for row in rows:
            got = outcome(findings.get((row["path"], row["fingerprint"])))
            counts[row["expected"], got] += 1
            if got != row["expected"]:
                differing.append(f"{row['repository']} {row['path']}: {row['expected']}, said {got}")
    print("| | " + " | ".join(COLUMNS) + " |")
    for label in ["gemini", "server", "client", "webhook", "placeholder", "unclear"]:
        print(f"| {label} | " + " | ".join(str(counts[label, c]) for c in COLUMNS) + " |")
    if not arguments.held_out:
        print("\n".join(differing))


if __name__ == "__main__":
    main()
