#!/usr/bin/env python3
"""Makes a git repository in which keyscan finds as many secrets as are asked for.

Random look-alikes of six kinds and of every severity stand in files of five; half of them stand
in history only, over three years of commits.

Use: make-findings.py FOLDER [COUNT]
"""

import datetime
import random
import string
import subprocess
import sys

ALNUM = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
KINDS = [
    ("MAPS_API_KEY", lambda: "AIzaSy" + pick("ABCD", 1) + pick(ALNUM, 31) + pick("AEIMQUYcgkosw048", 1)),
    ("GITLAB_TOKEN", lambda: "glpat-" + pick(ALNUM, 20)),
    ("SUPABASE_ACCESS_TOKEN", lambda: "sbp_" + pick(HEX, 40)),
    ("REPLICATE_API_TOKEN", lambda: "r8_" + pick(ALNUM, 37)),
    ("SONAR_TOKEN", lambda: "sqp_" + pick(HEX, 40)),
    ("PAYSTACK_SECRET_KEY", lambda: "sk_test_" + pick(HEX, 40)),
]
EACH = 5
COMMITS = 150
WORDS = "account api billing cache client deploy export gateway import index job ledger mail".split()


def pick(letters, count):
    return "".join(random.choices(letters, k=count))


def main():
    folder, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 25_000
    random.seed(7)
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", folder], check=True)
    lines = []
    files = [f"src/{random.choice(WORDS)}/{random.choice(WORDS)}_{i}.py"
             for i in range((count + EACH - 1) // EACH)]
    per = max(1, len(files) // COMMITS)
    start = datetime.datetime(2023, 1, 2, tzinfo=datetime.timezone.utc)

    def commit(number, subject):
        date = int((start + datetime.timedelta(days=7 * number)).timestamp())
        lines.append(
            f"commit refs/heads/main\ncommitter A U Thor <a@example.org> {date} +0000\n"
            f"data {len(subject)}\n{subject}\n")

    number = made = 0
    for first in range(0, len(files), per):
        commit(number, f"Add module {number}")
        for name in files[first:first + per]:
            body = ""
            for _ in range(min(EACH, count - made)):
                variable, value = KINDS[made % len(KINDS)]
                body += f"import os\n\n# {random.choice(WORDS)}\n{variable}_{made} = \"{value()}\"\n\n"
                made += 1
            lines.append(f"M 100644 inline {name}\ndata {len(body)}\n{body}\n")
        number += 1
    commit(number, "Take half of them out")
    lines += [f"D {name}\n" for name in files[::2]]
    text = "".join(lines).encode()
    subprocess.run(["git", "-C", folder, "fast-import", "--quiet"], check=True, input=text)
    subprocess.run(["git", "-C", folder, "reset", "--quiet", "--hard"], check=True)


if __name__ == "__main__":
    main()
