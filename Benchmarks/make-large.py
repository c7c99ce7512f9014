#!/usr/bin/env python3
"""Makes a bare repository of some millions of objects, to measure memory on.

    make-large.py FOLDER [COMMITS]

Every commit changes one file of 65,536 in 256 folders, so it brings four objects at least: itself,
two trees and a blob. A hundred look-alikes of Google API keys, made for this, come and go on the way.
"""

import os
import random
import string
import subprocess
import sys

ALPHABET = string.ascii_letters + string.digits + "-_"


def main():
    folder, commits = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1_250_000
    subprocess.run(["git", "init", "--quiet", "--bare", folder], check=True)
    numbers = random.Random(1)
    planted = set(numbers.sample(range(commits), 100))
    importer = subprocess.Popen(
        ["git", "-C", folder, "fast-import", "--quiet", "--max-pack-size=4g"],
        stdin=subprocess.PIPE)
    write = importer.stdin.write
    for number in range(commits):
        text = f"file {number}\n" + "".join(
            f"line {numbers.randrange(1000)}\n" for _ in range(numbers.randrange(2, 12)))
        if number in planted:
            text += "key = AIzaSy" + "".join(numbers.choice(ALPHABET) for _ in range(33)) + "\n"
        message = f"change {number}\n"
        file = numbers.randrange(1 << 16)
        write(b"commit refs/heads/main\n"
              b"committer A U Thor <author@example.org> %d +0000\n" % (1_000_000_000 + 60 * number)
              + b"data %d\n%s" % (len(message), message.encode())
              + b"M 100644 inline d%d/f%d\n" % (file >> 8, file & 255)
              + b"data %d\n%s\n" % (len(text), text.encode()))
    importer.stdin.close()
    if importer.wait() != 0:
        sys.exit("git fast-import failed")
    for name in os.listdir(os.path.join(folder, "objects/pack")):
        print(name, os.path.getsize(os.path.join(folder, "objects/pack", name)) >> 20, "MB")


if __name__ == "__main__":
    main()
