#!/usr/bin/env python3
"""Writes a book of 300 rules for measuring: as many as a grown rule book has, and like its rules.

260 have a fixed prefix, as most tokens of today do; 40 go by a common word in any case (key, token,
secret, password, …) with a value after it, as generic rules do. The rules name nobody's tokens.

Use: make-book.py FOLDER
"""

import os
import random
import sys

WORDS = ["key", "token", "secret", "password", "passwd", "auth", "api", "access", "credential",
         "private", "client", "bearer", "session", "signature", "webhook", "license", "account",
         "admin", "login", "cert"]


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    chance = random.Random(300)
    letters = "abcdefghijklmnopqrstuvwxyz"
    seen = set()
    lines = ["provider: Book", "rules:"]
    for number in range(260):
        while True:
            size = chance.choice([3, 4, 4, 5, 6])
            prefix = "".join(chance.choice(letters) for _ in range(size)) + chance.choice("_-")
            if prefix not in seen:
                break
        seen.add(prefix)
        length = chance.choice([20, 24, 32, 36, 40, 48, 64])
        kind = chance.choice(["alnum", "hex", "base64url"])
        pattern = {"alnum": "[A-Za-z0-9]", "hex": "[0-9a-f]", "base64url": "[A-Za-z0-9_-]"}[kind]
        neighbour = "base64url" if kind == "base64url" else "word"
        lines += rule(
            f"book.prefix-{number}", [f"anchors: [{prefix}]",
             f"pattern: '(?<secret>{prefix}{pattern}{{{length}}})'",
             f"not-before: {neighbour}", f"not-after: {neighbour}"],
            f"{prefix}{{{kind} {length}}}")
    for number in range(40):
        word = WORDS[number % len(WORDS)]
        length = 32 if number < 20 else 40
        kind = "hex" if number < 20 else "alnum"
        pattern = "[0-9a-f]" if kind == "hex" else "[A-Za-z0-9]"
        lines += rule(
            f"book.word-{number}", [f"anchors: [{word}]", "any-case: true", "reach: 40",
             f"pattern: '[=:]\\s{{0,3}}[\"'']?(?<secret>{pattern}{{{length}}})'",
             "not-after: word", "filters: {entropy: 3.0}"],
            f"my_{word} = \"{{{kind} {length}}}\"")
    with open(os.path.join(folder, "book.yml"), "w") as file:
        file.write("\n".join(lines) + "\n")


def rule(name, keys, example):
    lines = [f"  - id: {name}", f"    title: {name}", "    description: A rule of the book.",
             "    severity: medium", "    class: secret"]
    lines += [f"    {key}" for key in keys]
    lines += ["    remediation: [Replace it.]", f"    examples: ['{example}']"]
    return lines


if __name__ == "__main__":
    main()
