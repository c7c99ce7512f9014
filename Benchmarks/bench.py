#!/usr/bin/env python3
"""Compares keyscan with its peers, side by side in one run, and holds it to its floors.

Every pair is run in turn (A B A B ...) after a warm-up, so that both see the same machine; the
medians and their ratio are printed. Ratios are what counts: absolute times belong to a machine.

Peers: kingfisher (pip install kingfisher-bin) and ripgrep (Debian: ripgrep). A peer that is not
installed is said and its rows are left out.

Use: bench.py [--rails PATH-OR-URL] [--runs N] [--only WORD]
                 [--history BARE-REPOSITORY ...] [--large BARE-REPOSITORY ...]
                 [--trees WORK-TREE ...]
"""

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WORK = os.path.join(ROOT, "Benchmarks", "work")
KEYSCAN = os.path.join(ROOT, ".build", "keyscan")
MIB = 1 << 20


class Run:
    """How long a command took, and how much memory its largest process had."""

    def __init__(self, seconds, peak, status):
        self.seconds, self.peak, self.status = seconds, peak, status


def run(command, folder=None, stdin=None, expect=(0, 1)):
    source = open(stdin, "rb") if stdin else subprocess.DEVNULL
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, state, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(state)
    if process.returncode not in expect:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return Run(seconds, usage.ru_maxrss * 1024, process.returncode)


def side_by_side(a, b, runs, **options):
    """The median times of two commands that are run in turn."""
    run(a, **options), run(b, **options)
    times = [(run(a, **options).seconds, run(b, **options).seconds) for _ in range(runs)]
    return statistics.median(t[0] for t in times), statistics.median(t[1] for t in times)


def alone(command, runs, **options):
    run(command, **options)
    return statistics.median(run(command, **options).seconds for _ in range(runs))


def git(folder, *arguments, text=None):
    environment = dict(
        os.environ, GIT_AUTHOR_NAME="a", GIT_AUTHOR_EMAIL="a@b", GIT_COMMITTER_NAME="a",
        GIT_COMMITTER_EMAIL="a@b")
    return subprocess.run(
        ["git", "-C", folder, *arguments], check=True, capture_output=True, env=environment,
        input=text).stdout.decode().strip()


class Table:
    def __init__(self):
        self.rows, self.missed = [], 0

    def add(self, what, figure, floor=None, ok=None, note=""):
        if ok is False:
            self.missed += 1
        mark = "" if ok is None else "yes" if ok else "NO"
        self.rows.append((what, figure, floor or "", mark, note))
        print(f"  {what}: {figure} {floor or ''} {mark} {note}", flush=True)

    def show(self):
        head = ("what", "measured", "floor", "met", "")
        widths = [max(len(str(row[i])) for row in [head] + self.rows) for i in range(5)]
        print()
        for row in [head, tuple("-" * width for width in widths)] + self.rows:
            print("| " + " | ".join(str(cell).ljust(width) for cell, width in zip(row, widths)) + " |")


def milliseconds(seconds):
    return f"{seconds * 1000:.0f} ms"


def rails(source):
    """An ordinary clone of rails/rails, checked out."""
    folder = os.path.join(WORK, "rails")
    if not os.path.isdir(folder):
        os.makedirs(WORK, exist_ok=True)
        subprocess.run(["git", "clone", "--quiet", source, folder], check=True)
    git(folder, "reset", "--quiet", "--hard", "origin/HEAD")
    git(folder, "clean", "--quiet", "-fdx")
    git(folder, "update-index", "--refresh", "--really-refresh")
    return folder


def work_tree(table, folder, runs):
    keyscan = [KEYSCAN, "--no-history", "."]
    if shutil.which("rg"):
        ours, theirs = side_by_side(keyscan, ["rg", "-c", "AIza", "."], runs, folder=folder)
        ratio = ours / theirs
        table.add(
            "work tree of rails / rg -c AIza", f"{ratio:.2f}", "2.5 (aim 1.5)", ratio <= 2.5,
            f"{milliseconds(ours)} / {milliseconds(theirs)}")
    else:
        table.add("work tree of rails / rg", "ripgrep is not installed")
    if shutil.which("kingfisher"):
        peer = ["kingfisher", "scan", ".", "--no-validate", "--no-update-check", "--git-history",
                "none"]
        ours, theirs = side_by_side(
            keyscan, peer, max(3, runs // 3), folder=folder, expect=(0, 1, 200, 205))
        ratio = ours / theirs
        table.add(
            "work tree of rails / kingfisher", f"1/{1 / ratio:.1f}", "1/5", ratio <= 0.2,
            f"{milliseconds(ours)} / {milliseconds(theirs)}")
    else:
        table.add("work tree of rails / kingfisher", "kingfisher is not installed")


def hooks(table, folder, runs):
    files = [f for f in git(folder, "ls-files", "*.rb").split("\n")][::100][:10]
    for name in files:
        with open(os.path.join(folder, name), "a") as file:
            file.write("# changed\n")
    git(folder, "add", "--", *files)
    time_staged = alone([KEYSCAN, "--staged"], runs, folder=folder)
    table.add("--staged with 10 changed files", milliseconds(time_staged), "40 ms",
              time_staged <= 0.040)
    git(folder, "reset", "--quiet", "--hard")
    start = git(folder, "rev-parse", "HEAD")
    for i in range(10):
        with open(os.path.join(folder, "README.md"), "a") as file:
            file.write(f"line {i}\n")
        git(folder, "commit", "--quiet", "--no-verify", "-am", f"commit {i}")
    head = git(folder, "rev-parse", "HEAD")
    lines = os.path.join(WORK, "push")
    with open(lines, "w") as file:
        file.write(f"refs/heads/main {head} refs/heads/main {start}\n")
    time_push = alone(
        [KEYSCAN, "hook", "run", "pre-push", "origin", "url"], runs, folder=folder, stdin=lines)
    table.add("pre-push of 10 commits", milliseconds(time_push), "60 ms", time_push <= 0.060)
    git(folder, "reset", "--quiet", "--hard", start)


def start(table, runs):
    time_version = alone([KEYSCAN, "--version"], runs)
    table.add("--version", milliseconds(time_version), "20 ms", time_version <= 0.020)
    time_empty = alone([KEYSCAN, "--stdin"], runs)
    table.add("start with the whole book (nothing to read)", milliseconds(time_empty))


def key():
    import random
    import string
    letters = string.ascii_letters + string.digits
    return "AIzaSyA" + "".join(random.choices(letters, k=31)) + "A"


def memory(table, folder):
    def row(what, command, limit, **options):
        peak = run(command, **options).peak
        table.add(f"peak memory: {what}", f"{peak / MIB:.0f} MB", f"{limit} MB", peak <= limit * MIB)

    row("work tree of rails, 2 jobs", [KEYSCAN, "--no-history", "--jobs", "2", "."], 150,
        folder=folder)
    row("work tree of rails, 8 jobs", [KEYSCAN, "--no-history", "--jobs", "8", "."], 270,
        folder=folder)
    sparse = os.path.join(WORK, "sparse")
    with open(sparse, "wb") as file:
        for place in (0, 8 * MIB - 20, 8 * MIB + 32 * 1024 - 20, 3 << 30, (5 << 30) - 40):
            file.seek(place)
            file.write(key().encode())
    row("a sparse file of 5 GiB with 5 keys", [KEYSCAN, "--jobs", "2", sparse], 150, expect=(1,))
    row("the same on standard input", [KEYSCAN, "--jobs", "2", "--stdin"], 150, stdin=sparse,
        expect=(1,))
    os.remove(sparse)
    staged = os.path.join(WORK, "staged")
    shutil.rmtree(staged, ignore_errors=True)
    subprocess.run(["git", "init", "--quiet", staged], check=True)
    with open(os.path.join(staged, "big"), "wb") as file:
        file.seek((1 << 30) - 40)
        file.write(key().encode())
    git(staged, "add", "big")
    row("a staged file of 1 GiB", [KEYSCAN, "--jobs", "2", "--staged"], 150, folder=staged,
        expect=(1,))
    shutil.rmtree(staged)


def private_book():
    """A book of 300 rules; their ids begin with book."""
    book = os.path.join(WORK, "book-300")
    subprocess.run([sys.executable, os.path.join(ROOT, "Benchmarks", "make-book.py"), book],
                   check=True)
    return book


def memory_row(table, repository, peak):
    """Of the mapped packs and indexes everything was touched, so all of it is resident."""
    name = os.path.basename(repository.rstrip("/"))
    objects = git(repository, "count-objects", "-v")
    count = int(re.search(r"in-pack: (\d+)", objects)[1])
    mapped = int(re.search(r"size-pack: (\d+)", objects)[1]) * 1024
    limit = 256 * MIB + 24 * count
    rest = peak - mapped
    table.add(f"history of {name} ({count:,} objects), memory less the mapped packs",
              f"{rest / MIB:.0f} MB", f"{limit / MIB:.0f} MB", rest <= limit)


def large(table, repositories):
    """Memory on repositories made by make-large.py, with what was found in them."""
    for repository in repositories:
        memory_row(table, repository, max(
            run([KEYSCAN, "--fail-on", "never", "--no-cache", repository]).peak for _ in range(2)))


def again(table, repositories, runs):
    """Second runs: with nothing new, after one commit, after git gc."""
    for source in repositories:
        name = os.path.basename(source.rstrip("/"))
        with tempfile.TemporaryDirectory(dir=WORK) as folder:
            os.environ["XDG_CACHE_HOME"] = os.path.join(folder, "cache")
            os.environ["XDG_STATE_HOME"] = os.path.join(folder, "state")
            repository = os.path.join(folder, name)
            git(WORK, "clone", "--quiet", "--mirror", "--local", source, repository)
            rules = ["--rules", private_book()]
            for note, book in [("built-in", []), ("300 rules", [*rules, "--rule", "book.*"]),
                               ("built-in + 300", rules)]:
                command = [KEYSCAN, *book, "--fail-on", "never", repository]
                run(command)
                seconds = statistics.median(run(command).seconds for _ in range(runs))
                table.add(f"second run on {name}", milliseconds(seconds), "100 ms",
                          seconds <= 0.1, note)
                after = []
                for number in range(max(3, runs // 3)):
                    commit(repository, f"{number} {note}")
                    after.append(run(command).seconds)
                seconds = statistics.median(after)
                table.add(f"run on {name} after one commit", milliseconds(seconds), "300 ms",
                          seconds <= 0.3, note)
            git(repository, "repack", "-adq")
            table.add(f"run on {name} after git repack -ad", milliseconds(run(command).seconds))
            for variable in ["XDG_CACHE_HOME", "XDG_STATE_HOME"]:
                del os.environ[variable]


def commit(repository, text):
    """Adds a commit with one new file to HEAD's branch of a bare repository."""
    blob = git(repository, "hash-object", "-w", "--stdin", text=text.encode())
    tree = git(repository, "ls-tree", "HEAD") + f"\n100644 blob {blob}\tfile {text}.txt\n"
    tree = git(repository, "mktree", text=tree.encode())
    made = git(repository, "commit-tree", tree, "-p", "HEAD", "-m", text)
    git(repository, "update-ref", "HEAD", made)


def growth(table, repositories, runs):
    """Time against the length of history, and against the number of workers.

    The repository is cut at several points of its first parents: what a quarter, a half, … of
    them reach.
    """
    for source in repositories:
        name = os.path.basename(source.rstrip("/"))
        line = git(source, "rev-list", "--first-parent", "HEAD").split()
        line.reverse()
        for part in [8, 4, 2, 1]:
            with tempfile.TemporaryDirectory(dir=WORK) as folder:
                tip = line[len(line) // part - 1]
                cut = os.path.join(folder, "cut.git")
                git(WORK, "clone", "--quiet", "--bare", "--shared", source, cut)
                for reference in git(cut, "for-each-ref", "--format=%(refname)").split():
                    git(cut, "update-ref", "-d", reference)
                git(cut, "update-ref", "HEAD", tip)
                git(cut, "repack", "-adq")
                os.remove(os.path.join(cut, "objects", "info", "alternates"))
                count = int(re.search(r"in-pack: (\d+)", git(cut, "count-objects", "-v"))[1])
                for jobs in [1, 2] if part == 1 else [2]:
                    command = [KEYSCAN, "--fail-on", "never", "--no-cache", "--jobs", str(jobs), cut]
                    run(command)
                    seconds = statistics.median(
                        run(command).seconds for _ in range(max(3, runs // 3)))
                    table.add(f"{name}, 1/{part} of HEAD's history, {count:,} objects, {jobs} jobs",
                              f"{seconds:.2f} s", note=f"{seconds / count * 1e6:.2f} µs an object")


def history(table, repositories, runs):
    """Full history of bare repositories: with the built-in book, with 300 other rules, with both.

    keyscan's time is shown without and with the step that finds out where findings stood.
    """
    for repository in repositories:
        name = os.path.basename(repository.rstrip("/"))
        theirs = None
        if shutil.which("kingfisher"):
            peer = ["kingfisher", "scan", repository, "--no-validate", "--no-update-check",
                    "--git-history", "full"]
            theirs = run(peer, expect=(0, 1, 200, 205)).seconds
        rules = ["--rules", private_book()]
        for book, extra in [("built-in", []), ("300 rules", [*rules, "--rule", "book.*"]),
                            ("built-in + 300", rules)]:
            one_history(table, repository, f"history of {name}, {book}", extra, theirs,
                        1 / 14 if name.startswith("git") else 1 / 10, runs)


def one_history(table, repository, name, extra, theirs, floor, runs):
    command = [KEYSCAN, *extra, "--fail-on", "never", "--no-cache", "--verbose", repository]
    run(command)
    totals, steps, peaks = [], [], []
    cat = ["git", "-C", repository, "cat-file", "--batch-all-objects", "--unordered", "--batch",
           "--buffer"]
    cats = []
    for _ in range(max(3, runs // 3)):
        start = time.perf_counter()
        process = subprocess.run(command, capture_output=True, text=True)
        totals.append(time.perf_counter() - start)
        found = re.search(r"attribution: ([0-9.]+) ms", process.stderr)
        steps.append(float(found[1]) / 1000 if found else 0)
        cats.append(run(cat).seconds)
        peaks.append(run(command).peak)
    step = statistics.median(steps)
    sweep = statistics.median(t - s for t, s in zip(totals, steps))
    table.add(f"{name}, without attribution", f"{sweep:.2f} s")
    table.add(f"{name}, attribution", f"{step:.2f} s", "1.5 s", step <= 1.5)
    ratio = sweep / statistics.median(cats)
    table.add(f"{name} / git cat-file of every object", f"{ratio:.2f}",
              "0.40 (aim 0.20)", ratio <= 0.4, f"{sweep:.1f} / {statistics.median(cats):.1f} s")
    memory_row(table, repository, max(peaks))
    if theirs is None:
        table.add(f"{name} / kingfisher", "kingfisher is not installed")
    else:
        table.add(f"{name} / kingfisher", f"1/{theirs / sweep:.1f}",
                  f"1/{1 / floor:.0f} (aim 1/20)", sweep / theirs <= floor,
                  f"{sweep:.1f} / {theirs:.1f} s")


def corpus(table):
    """The labelled corpus: every example in 20 contexts, and 5,000 look-alikes."""
    script = os.path.join(ROOT, "Fixtures", "corpus", "corpus.py")
    lines = subprocess.run([sys.executable, script, KEYSCAN], capture_output=True, text=True).stdout
    for line in lines.splitlines():
        print(f"  {line}")
    missed = re.search(r"recall: (\d+) of (\d+)", lines)
    cried = re.search(r"precision: (\d+) findings .* in (\d+)", lines)
    table.add("recall on the corpus", f"{missed[1]} of {missed[2]}", "all", missed[1] == missed[2])
    table.add("look-alikes found with confidence", f"{cried[1]} of {cried[2]}", "0", cried[1] == "0")


def precision(table, folders):
    """Generic findings that are shown by default, in work trees that hold no secrets."""
    files = found = 0
    for folder in folders:
        command = [KEYSCAN, folder, "--no-history", "--format", "json", "--fail-on", "never", "-q"]
        report = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)
        count = sum(f["rule"].startswith("generic.") for f in report["findings"])
        files += report["coverage"]["files"]
        found += count
        table.add(f"generic findings in {os.path.basename(folder)}",
                  f"{count} in {report['coverage']['files']:,} files")
    if files:
        table.add("generic findings a 1,000 files", f"{1000 * found / files:.2f}", "1",
                  1000 * found <= files)


UNPACK = r"""
for file in "$1"/*; do
  case $file in
  *.deb) bsdtar -xOf "$file" 'data.tar*' | bsdtar -xOf - ;;
  *) bsdtar -xOf "$file" ;;
  esac || exit
done
"""


def archives(table, folders, runs):
    """Real containers, looked into, against bsdtar unpacking them into nothing."""
    for folder in folders:
        ours, theirs = side_by_side(
            [KEYSCAN, folder, "--fail-on", "never", "-q"],
            ["bash", "-c", UNPACK, "unpack", folder], min(runs, 5))
        ratio = ours / theirs
        size = sum(entry.stat().st_size for entry in os.scandir(folder))
        table.add(f"containers against bsdtar, {size >> 20} MiB in {os.path.basename(folder)}",
                  f"{ratio:.2f} ({ours:.2f} s, {theirs:.2f} s)", "1.5", ratio <= 1.5)


def html(table):
    """A report of 25,000 findings in a headless browser: how it opens and filters."""
    report = os.path.join(WORK, "findings.html")
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        make = os.path.join(ROOT, "Benchmarks", "make-findings.py")
        subprocess.run([sys.executable, make, folder, "25000"], check=True)
        run([KEYSCAN, folder, "--no-cache", "--fail-on", "never", "--format", "html", "--output",
             report])
    look = os.path.join(ROOT, "Benchmarks", "open-report.py")
    seen = subprocess.run([sys.executable, look, report, "--json"], capture_output=True, text=True)
    if seen.returncode:
        table.add("report of 25,000 findings", seen.stderr.strip().splitlines()[-1])
        return
    for name, row in json.loads(seen.stdout).items():
        note = f"all counted after {row['counted']:.0f} ms"
        if name == "open":
            table.add("report of 25,000 findings: first painted", f"{row['shown']:.0f} ms",
                      note=f"loaded after {row['counted']:.0f} ms")
        else:
            table.add(f"report of 25,000 findings: {name}", f"{row['shown']:.0f} ms", note=note)
            table.add(f"report of 25,000 findings: {name}, longest task", f"{row['longest']:.0f} ms",
                      "50 ms", row["longest"] <= 50)


def verify(table, runs):
    """A thousand distinct keys, half of them live, against a server that takes 50 ms to answer."""
    def asked(count, folder):
        names = [key() for _ in range(count)]
        with open(os.path.join(folder, "keys.py"), "w", encoding="ascii") as file:
            file.writelines(f"k{i} = '{name}'\n" for i, name in enumerate(names))
        live = os.path.join(folder, "live")
        with open(live, "w", encoding="ascii") as file:
            file.writelines(f"{name}\n" for name in names[::2])
        server = subprocess.Popen(
            [sys.executable, os.path.join(ROOT, "Benchmarks", "verify-server.py"), "--live", live,
             "--latency", "0.05"], stdout=subprocess.PIPE, text=True)
        ready = json.loads(server.stdout.readline())
        whole = run([KEYSCAN, os.path.join(folder, "keys.py"), "--verify=google", "--verify-jobs",
                     str(AT_ONCE), "--verify-rate", "10000", "--endpoint",
                     f"google=https://127.0.0.1:{ready['port']}", "--endpoint-ca",
                     ready["authority"], "--fail-on", "live"])
        server.terminate()
        said = json.loads(server.stdout.readline())
        server.wait()
        return whole, said

    with tempfile.TemporaryDirectory() as folder:
        times, peaks = [], {}
        for count in (100, 1000):
            for _ in range(max(1, runs // 5)):
                whole, said = asked(count, folder)
                peaks[count] = max(peaks.get(count, 0), whole.peak)
                if count == 1000:
                    # Two hosts, each with its own limit: live keys are asked about at the first,
                    # dead ones at both.
                    times.append(whole.seconds / (said["requests"] / 1.5 / AT_ONCE * 0.05))
        table.add("1,000 keys against the least time that the limit for a host allows",
                  f"{statistics.median(times):.2f} ×", "1.5 ×", statistics.median(times) <= 1.5)
        grown = peaks[1000] - peaks[100]
        table.add("memory for 1,000 keys beyond that for 100", f"{grown / MIB:.1f} MiB",
                  "16 MiB", grown <= 16 * MIB)


# Requests to a host at one time in the benchmark of live checks.
AT_ONCE = 8


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rails", default="https://github.com/rails/rails")
    parser.add_argument("--history", nargs="*", action="extend", default=[],
                        metavar="BARE-REPOSITORY")
    parser.add_argument("--large", nargs="*", action="extend", default=[],
                        metavar="BARE-REPOSITORY")
    parser.add_argument("--trees", nargs="*", action="extend", default=[], metavar="WORK-TREE")
    parser.add_argument("--archives", nargs="*", action="extend", default=[], metavar="FOLDER")
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    os.makedirs(WORK, exist_ok=True)
    # The report needs no clone, which takes minutes.
    needs_none = arguments.only in ("html", "archives", "verify")
    folder = None if needs_none else rails(arguments.rails)
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors, "
          f"{time.strftime('%Y-%m-%d')}")
    table = Table()
    steps = {
        "worktree": lambda: work_tree(table, folder, arguments.runs),
        "hooks": lambda: hooks(table, folder, arguments.runs),
        "start": lambda: start(table, arguments.runs),
        "memory": lambda: memory(table, folder),
        "history": lambda: history(table, arguments.history, arguments.runs),
        "again": lambda: again(table, arguments.history, arguments.runs),
        "growth": lambda: growth(table, arguments.history, arguments.runs),
        "large": lambda: large(table, arguments.large),
        "corpus": lambda: corpus(table),
        "precision": lambda: precision(table, arguments.trees),
        "archives": lambda: archives(table, arguments.archives, arguments.runs),
        "html": lambda: html(table),
        "verify": lambda: verify(table, arguments.runs),
    }
    for name, step in steps.items():
        if arguments.only in name:
            step()
    table.show()
    sys.exit(1 if table.missed else 0)


if __name__ == "__main__":
    main()
