#!/usr/bin/env python3
"""Plants a key in places where scanners are blind, and shows who finds it.

Each place is a repository of its own, made with git without any configuration. The keys are random
look-alikes. A scanner has found the key if its output names the rule or holds the key.

Use: blind-spots.py
"""

import os
import random
import shutil
import string
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
KEYSCAN = os.path.join(ROOT, ".build", "keyscan")
ENVIRONMENT = {
    "PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org",
}

BASE = "echo one > a; git add a; git commit -qm base; "
# The key is in $K.
PLACES = {
    "a file that only a merge adds": BASE + "git checkout -qb s; echo b > b; git add b; git commit "
    "-qm b; git checkout -q main; echo c > c; git add c; git commit -qm c; git merge -q --no-commit "
    "--no-ff s; echo $K > evil; git add evil; git commit -qm m",
    "stash, unstaged": BASE + "echo $K > a; git stash -q",
    "stash, staged": BASE + "echo $K > n; git add n; git stash -q",
    "stash, untracked": BASE + "echo $K > n; git stash -qu",
    "an older stash": BASE + "echo $K > a; git stash -q; echo x > a; git stash -q",
    "a line added with a rename": "seq 99 > o; git add o; git commit -qm o; git mv o n; echo $K >> n; "
    "git add n; git commit -qm n; git rm -q n; git commit -qm away",
    "a file that becomes a link": BASE + "rm a; ln -s $K a; git add a; git commit -qm l; git rm -q a; "
    "git commit -qm away",
    "a NUL byte in the file": "printf 'x\\0\\n%s\\n' $K > n; git add n; git commit -qm n; git rm -q n; "
    "git commit -qm away",
    "-diff by attribute": "echo '* -diff' > .gitattributes; echo $K > x; git add .; git commit -qm x; "
    "git rm -q x; git commit -qm away",
    "UTF-16": "echo $K | iconv -t UTF-16 > w; git add w; git commit -qm w; git rm -q w; git commit -qm "
    "away",
    "base64": "echo key=$K | base64 > w; git add w; git commit -qm w; git rm -q w; git commit -qm away",
    "a note": BASE + "git notes add -m $K",
    "a tag's message": BASE + "git tag -a v1 -m $K",
    "a commit's message": BASE + "git commit -q --allow-empty -m \"it was $K\"",
    "an author's name": BASE + "GIT_AUTHOR_NAME=$K git commit -q --allow-empty -m x",
    "amended away": BASE + "echo $K > a; git commit -qam x; echo y > a; git commit -qa --amend "
    "--no-edit",
    "a deleted branch": BASE + "git checkout -qb g; echo $K > g; git add g; git commit -qm g; git "
    "checkout -q main; git branch -qD g",
    "a commit that nothing names": BASE + "git checkout -qb g; echo $K > g; git add g; git commit -qm "
    "g; git checkout -q main; git branch -qD g; git reflog expire --expire=now --all",
    "a blob that nothing names": BASE + "echo $K | git hash-object -w --stdin >/dev/null",
    "hidden by a replacement": "echo $K > b; git add b; git commit -qm b; git replace $(git rev-parse "
    "HEAD:b) $(echo x | git hash-object -w --stdin); git rm -q b; git commit -qm away",
    "a pull request's head": BASE + "git checkout -qb p; echo $K > p; git add p; git commit -qm p; git "
    "update-ref refs/pull/1/head HEAD; git checkout -q main; git branch -qD p",
    "another worktree's HEAD": BASE + "git worktree add -q --detach ../linked; cd ../linked; echo $K > "
    "b; git add b; git commit -qm b",
    "a branch's name": BASE + "git branch fix/$K",
    "a folder's name": "mkdir -p d/$K; echo x > d/$K/f; git add d; git commit -qm d; git rm -qr d; git "
    "commit -q --allow-empty -m away",
    "staged only": BASE + "echo $K > s; git add s; rm s",
}


def key():
    letters = string.ascii_letters + string.digits
    return "AIzaSyB" + "".join(random.choices(letters, k=31)) + "A"


def finds(command, secret, folder):
    output = subprocess.run(command, cwd=folder, capture_output=True, env=ENVIRONMENT)
    return secret.encode() in output.stdout


def main():
    scanners = {"keyscan": [KEYSCAN, "--show-secrets", "--fail-on", "never", "."]}
    if shutil.which("kingfisher"):
        scanners["kingfisher"] = [
            "kingfisher", "scan", ".", "--no-validate", "--no-update-check", "--git-history", "full",
            "--format", "json"]
    else:
        print("kingfisher is not installed: pip install kingfisher-bin", file=sys.stderr)
    print("| where the key is | " + " | ".join(scanners) + " |")
    print("|---|" + "---|" * len(scanners))
    missed = 0
    for name, script in PLACES.items():
        with tempfile.TemporaryDirectory() as folder:
            secret = key()
            work = os.path.join(folder, "work")
            os.mkdir(work)
            subprocess.run(
                ["sh", "-ec", "git init -qb main .; " + script], cwd=work, check=True,
                env=dict(ENVIRONMENT, K=secret), capture_output=True)
            found = {who: finds(command, secret, work) for who, command in scanners.items()}
            missed += not found["keyscan"]
            row = " | ".join("hit" if hit else "**miss**" for hit in found.values())
            print(f"| {name} | {row} |", flush=True)
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
