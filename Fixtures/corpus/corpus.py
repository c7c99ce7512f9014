#!/usr/bin/env python3
"""Makes a labelled corpus and holds keyscan to it.

Positives: every example of every rule in 20 contexts; a rule whose token shows by itself what it
is has its token put into 20 languages and formats, every other one its example's text into 20
surroundings. Negatives: 5,000 values that look like secrets and are none, under names that are
none and names that are telling.

Nothing in it is a secret; all of it is made from a seed, the same in every run.

Use: corpus.py KEYSCAN [--first] [--keep FOLDER]    exits with 1 if something is missed or cried
"""

import argparse
import base64
import collections
import json
import os
import random
import subprocess
import sys
import tempfile

LANGUAGES = [
    ("env", "HOME=/srv\nVALUE_OF_IT={}\nLANG=C\n"),
    ("sh", "#!/bin/sh\nexport IT='{}'\nexec run \"$@\"\n"),
    ("yml", "service:\n  it: {}\n  port: 80\n"),
    ("json", '{{"a": 1, "it": "{}", "b": [true]}}\n'),
    ("min.json", '{{"a":1,"it":"{}","b":[true]}}'),
    ("js", "const it = '{}';\nmodule.exports = {{ it }};\n"),
    ("ts", "client.connect(`{}`, {{ retries: 3 }});\n"),
    ("py", "client = Client(\"{}\", timeout=10)\n"),
    ("go", "var it = `{}`\n\nfunc main() {{ run(it) }}\n"),
    ("java", 'class A {{ static final String IT = "{}"; }}\n'),
    ("rb", "it = %w[{}].first\n"),
    ("php", "<?php return ['it' => '{}'];\n"),
    ("toml", "[it]\nvalue = \"{}\"\n"),
    ("xml", "<it>\n  <value>{}</value>\n</it>\n"),
    ("html", "<p>Use <code>{}</code> here.</p>\n"),
    ("md", "Run it with `{}` and wait.\n"),
    ("csv", "1,{},2\n3,none,4\n"),
    ("log", "2026-01-01T00:00:00Z INFO got it={} after 3 ms\n"),
    ("crlf.ini", "[it]\r\nvalue={}\r\nother=1\r\n"),
    ("txt", "{}"),
]


def surroundings():
    """20 ways to put a text into a file without changing it."""
    code = "\n".join(f"int line_{i} = {i}; /* {i * 7919 % 1000} */" for i in range(40)) + "\n"
    words = "Lorem ipsum dolor sit amet, consetetur sadipscing elitr.\n" * 30
    yield from [
        "{}", "{}\n", "\n{}\n", "\n\n\n{}\n\n\n", code + "{}\n" + code, words + "{}\n" + words,
        code + "{}", "{}\n" + code, "# before\n{}\n# after\n", "// before\n{}\n// after\n",
        "/* before */\n{}\n/* after */\n", "<!-- before -->\n{}\n<!-- after -->\n",
        "\ufeff{}\n", "--\n{}\n--\n", "=" * 70 + "\n{}\n" + "=" * 70 + "\n", "\t\n{}\n\t\n",
        "0\n{}\n0\n", words * 20 + "\n{}\n", "é ü 日本語 🙂\n{}\né\n", "'\n{}\n'\n",
    ]


def positives(keyscan, only_first):
    """Pairs of a path below the corpus and the rule that must find something there."""
    output = subprocess.run(
        [keyscan, "rules", "examples"], check=True, capture_output=True, text=True).stdout
    last = None
    for number, line in enumerate(output.splitlines()):
        example = json.loads(line)
        rule, name = example["rule"], f"positive/{number:04}"
        if only_first and rule == last:
            continue
        last = rule
        if "secret" not in example:
            yield f"{name}/{example['path']}", rule, example["text"]
        elif example["alone"]:
            for ending, text in LANGUAGES:
                yield f"{name}/it.{ending}", rule, text.format(example["secret"])
        else:
            path = example.get("path", "it.txt")
            for i, text in enumerate(surroundings()):
                yield f"{name}/{i:02}/{path}", rule, text.replace("{}", example["text"])


def negatives(count):
    """Paths and texts in which nothing may be found with confidence."""
    rng = random.Random(20261121)
    def hexadecimal(n): return "".join(rng.choices("0123456789abcdef", k=n))
    def alnum(n): return "".join(rng.choices(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", k=n))
    def uuid(): return "-".join(hexadecimal(n) for n in (8, 4, 4, 4, 12))
    def b64(n): return base64.b64encode(rng.randbytes(n)).decode()
    def word(): return rng.choice(
        "account access user session client server request response default internal public admin "
        "payment order invoice customer product config handler manager factory provider".split())
    def identifier(): return rng.choice(["_", "-", "."]).join(word() for _ in range(rng.randint(2, 4)))
    def camel(): return word() + "".join(word().title() for _ in range(rng.randint(1, 3)))
    secret = ["password", "secret", "token", "api_key", "apiKey", "access_token", "client_secret"]
    plain = ["etag", "checksum", "digest", "commit", "id", "trace_id", "revision", "sha", "nonce",
             "fingerprint", "build", "hash", "public_key_id", "request_id", "version_id"]
    kinds = [
        lambda: ("yml", f"{rng.choice(plain)}: {hexadecimal(rng.choice([32, 40, 56, 64, 96, 128]))}\n"),
        lambda: ("json", f'{{"{rng.choice(plain)}": "{uuid()}"}}\n'),
        lambda: ("json", f'{{"integrity": "sha512-{b64(64)}"}}\n'),
        lambda: ("sum", f"example.test/{word()} v1.{rng.randint(0, 9)}.0 h1:{b64(32)}\n"),
        lambda: ("css", f".a{{background:url(data:image/png;base64,{b64(rng.randint(60, 900))})}}\n"),
        lambda: ("html", f'<img src="data:image/gif;base64,{b64(rng.randint(60, 900))}">\n'),
        lambda: ("js", f'!function(e,t){{var n="{alnum(6)}";return t.{camel()}(e["{camel()}"],n)}}();\n'),
        lambda: ("py", f"{rng.choice(secret)} = {identifier().replace('-', '_')}\n"),
        lambda: ("rb", f"{rng.choice(secret)}: {identifier().replace('-', '_')},\n"),
        lambda: ("go", f'{rng.choice(secret)} := os.Getenv("{identifier().upper()}")\n'),
        lambda: ("yml", f"{rng.choice(secret)}: ${{{{ secrets.{identifier().upper()} }}}}\n"),
        lambda: ("env", f"{rng.choice(secret).upper()}=${{{word().upper()}_VALUE}}\n"),
        lambda: ("env", f"{rng.choice(secret).upper()}=your-{word()}-{rng.choice(secret)}-here\n"),
        lambda: ("env", f"{rng.choice(secret).upper()}={rng.choice(['changeme', 'xxxxxxxxxxxxxxxxxxxx', 'REPLACE_ME', '<insert>', 'todo', 'none', 'null', 'example', '********'])}\n"),
        lambda: ("js", f"const {rng.choice(secret)} = '{camel()}';\n"),
        lambda: ("ts", f"{rng.choice(secret)}: string = this.{camel()}.{camel()};\n"),
        lambda: ("java", f'String {rng.choice(secret)}Path = "/{word()}/{word()}/{word()}.json";\n'),
        lambda: ("yml", f"{rng.choice(secret)}: {uuid()}\n"),
        lambda: ("yml", f"{rng.choice(secret)}_digest: {hexadecimal(64)}\n"),
        lambda: ("json", f'{{"{rng.choice(secret)}": "{hexadecimal(rng.choice([32, 40, 64]))}"}}\n'),
        lambda: ("txt", f"commit {hexadecimal(40)}\nAuthor: A <a@example.test>\n"),
        lambda: ("svg", f'<path d="M{rng.random() * 99:.3f} {rng.random() * 99:.3f}l{rng.random():.6f}z" id="{alnum(12)}"/>\n'),
        lambda: ("log", f"ts={rng.randint(10**9, 2 * 10**9)} trace={hexadecimal(32)} span={hexadecimal(16)}\n"),
        lambda: ("map", f'{{"mappings":"{"".join(rng.choices("ACEGIKMOQSUWYacegikmoqsuwy,;", k=400))}"}}\n'),
        lambda: ("md", f"Set `{rng.choice(secret).upper()}` to the value of your {word()} {rng.choice(secret)}.\n"),
        lambda: ("c", f'{{ "{identifier()}", 0x{hexadecimal(8)}, "{camel()}" }},\n'),
        lambda: ("url", f"https://example.test/{word()}/{uuid()}?v={hexadecimal(8)}&lang=en\n"),
        lambda: ("url", f"postgres://{word()}:password@localhost:5432/{word()}\n"),
        lambda: ("pem", f"-----BEGIN CERTIFICATE-----\n{b64(48)}\n{b64(48)}\n-----END CERTIFICATE-----\n"),
        lambda: ("pub", f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{b64(32)[:43]} a@example.test\n"),
    ]
    for i in range(count):
        ending, text = kinds[i % len(kinds)]()
        yield f"negative/{i % 100:02}/{i:04}.{ending}", text


def write(folder, path, text):
    place = os.path.join(folder, path)
    os.makedirs(os.path.dirname(place), exist_ok=True)
    with open(place, "wb") as file:
        file.write(text.encode())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("keyscan")
    parser.add_argument("--keep", metavar="FOLDER")
    parser.add_argument("--first", action="store_true", help="only the first example of each rule")
    arguments = parser.parse_args()
    keyscan = os.path.abspath(arguments.keyscan)
    folder = arguments.keep or tempfile.mkdtemp(prefix="keyscan-corpus-")
    expected = {}
    for path, rule, text in positives(keyscan, arguments.first):
        write(folder, path, text)
        expected[path] = rule
    lookalikes = 0
    for path, text in negatives(5000):
        write(folder, path, text)
        lookalikes += 1
    run = subprocess.run(
        [keyscan, "scan", ".", "--format", "json", "--min-confidence", "low", "--fail-on", "never",
         "-q", "--include-ignored"],
        cwd=folder, capture_output=True, text=True)
    report = json.loads(run.stdout)
    found, cried = collections.defaultdict(set), collections.Counter()
    for finding in report["findings"]:
        for place in finding["places"]:
            path = place["path"]
            # What context makes of a finding is appended to the rule.
            found[path].update([finding["rule"].split("/")[0], *finding["alsoMatched"]])
            if path.startswith("negative/") and finding["confidence"] != "low":
                cried[finding["rule"]] += 1
                print(f"cried: {finding['rule']} at {path}:{place['line']}")
    missed = collections.Counter()
    for path, rule in expected.items():
        if rule not in found[path]:
            missed[rule] += 1
            if missed[rule] <= 2:
                print(f"missed: {rule} at {path}")
    total = len(expected)
    print(f"recall: {total - missed.total()} of {total} files with a secret, "
          f"{len(set(expected.values()))} rules")
    print(f"precision: {cried.total()} findings of medium confidence or more in {lookalikes} "
          "look-alikes")
    if arguments.keep is None:
        subprocess.run(["rm", "-rf", folder], check=True)
    sys.exit(1 if missed or cried else 0)


main()
