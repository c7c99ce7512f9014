#!/usr/bin/env python3
"""Links keyscan once more from the objects of a release build, with as little left dynamic as can be.

    link.py OUTPUT

The package manager links against the system's libraries. To find and to bind thirty of them takes a
third of a start, and what is handed out should run where they are not installed. So
the program is linked against their archives: a folder that holds nothing else is put in front of the
line by which the package manager links. Archives that a system does not have are left out, and the
libraries stay dynamic. What was linked from archives is written to OUTPUT.archives, a path a
line, for the licence notices.

libarchive is loaded by the package manager's build when it is needed; here its functions are asked
for by name, which brings the parts of it that read, and the compression that these need.

libgit2 brings libraries for connections that keyscan never makes. GSSAPI has no archive and libssh2
would bring OpenSSL, so their functions are put in as ones that end the process, but for the one that
libgit2 calls when it starts. Mbed TLS and http-parser are linked as they are, except that
certificates are not read (see Sources/CGit2Start).
"""

import json
import os
import re
import shutil
import subprocess
import sys

# Swift's toolchain has one.
COMPILER = shutil.which("clang") or "cc"
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDER = os.path.join(ROOT, ".build", "archives")
# By what begins the names of functions that are never called.
UNUSED = ("gss_", "GSS_", "libssh2_")
CALLED_AT_START = ("libssh2_init",)
UNREAD = "mbedtls_x509_crt_parse_file"
# What libarchive needs to read the formats that are looked into.
ARCHIVE_LIBRARIES = ("archive", "lzma", "zstd", "lz4", "bz2", "nettle", "hogweed")


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def archive(name):
    """The path of lib<name>.a; None if the system has none."""
    path = run(COMPILER, f"-print-file-name=lib{name}.a").strip()
    return os.path.realpath(path) if os.path.isabs(path) else None


def libraries(module, *options):
    return re.findall(r"-l(\S+)", run("pkg-config", "--libs", *options, module))


def undefined(path):
    lines = subprocess.run(["nm", "-u", path], capture_output=True, text=True).stdout.splitlines()
    return sorted({line.split()[1] for line in lines if line.strip().startswith("U ")})


def offline_libgit2(own):
    """Makes one archive of libgit2 and what it alone needs; the archives it is made of."""
    unused = [name for name in undefined(own) if name.startswith(UNUSED)]
    source = os.path.join(FOLDER, "unused.c")
    with open(source, "w", encoding="utf-8") as file:
        file.write("void abort(void);\n")
        for name in unused:
            body = "return 0;" if name in CALLED_AT_START else "abort();"
            file.write(f"int {name}(void) {{ {body} }}\n")
    unused_object = os.path.join(FOLDER, "unused.o")
    subprocess.run([COMPILER, "-O1", "-fPIC", "-w", "-c", source, "-o", unused_object], check=True)
    linked_by_all = {*libraries("libpcre2-8"), *libraries("zlib"), "git2", "rt"}
    needed = [name for name in libraries("libgit2", "--static") if name not in linked_by_all]
    parts = [own]
    script = [f"CREATE {FOLDER}/libgit2.a", f"ADDLIB {own}", f"ADDMOD {unused_object}"]
    for name in needed:
        path = archive(name)
        if name == "ssh2" or path is None:
            continue
        parts.append(path)
        if UNREAD in run("nm", "--defined-only", path):
            copy = os.path.join(FOLDER, f"{name}.part")
            subprocess.run(
                ["objcopy", "--redefine-sym", f"{UNREAD}={UNREAD}_unread", path, copy], check=True)
            path = copy
        script.append(f"ADDLIB {path}")
    subprocess.run(["ar", "-M"], input="\n".join([*script, "SAVE", "END", ""]), text=True, check=True)
    return parts


def archive_options():
    """The options that link libarchive, and the archives that are linked.

    If one is missing there are none, and libarchive is loaded where it is installed.
    """
    paths = {name: archive(name) for name in ARCHIVE_LIBRARIES}
    missing = [name for name, path in paths.items() if path is None]
    if missing:
        print(f"link.py: libarchive is not linked, without {', '.join(missing)}", file=sys.stderr)
        return [], []
    source = os.path.join(ROOT, "Sources", "CArchive", "carchive.c")
    with open(source, encoding="utf-8") as file:
        functions = re.findall(r"USE\([^,]+, (archive_\w+),", file.read())
    options = [part for name in functions for part in ("-Xlinker", "-u", "-Xlinker", name)]
    for name, path in paths.items():
        os.symlink(path, os.path.join(FOLDER, f"lib{name}.a"))
    return options + [f"-l{name}" for name in paths], list(paths.values())


def make_folder():
    """Fills the folder of archives, and says of which it is made."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)
    used = []
    for name in ("hs", "pcre2-8", "deflate", "z", "sqlite3", "stdc++"):
        path = archive(name)
        if path:
            os.symlink(path, os.path.join(FOLDER, f"lib{name}.a"))
            used.append(path)
    own = archive("git2")
    return used + (offline_libgit2(own) if own else []) + [archive("gcc")]


def link_line():
    """The command by which the release build was linked."""
    manifest = os.path.join(ROOT, ".build", "release.yaml")
    with open(manifest, encoding="utf-8") as file:
        for line in file:
            if line.strip().startswith("args: [") and "/keyscan.product/Objects.LinkFileList" in line:
                return json.loads(line.split("args: ", 1)[1])
    raise SystemExit(f"link.py: {manifest} does not say how keyscan is linked")


def main():
    output = os.path.abspath(sys.argv[1])
    used = make_folder()
    options, archives = archive_options()
    used += archives
    line = link_line()
    line[line.index("-o") + 1] = output
    if "-rpath=$ORIGIN" in line:
        place = line.index("-rpath=$ORIGIN")
        del line[place - 1:place + 1]
    line += options
    line[1:1] = ["-L", FOLDER, "-Xclang-linker", "-static-libgcc"]
    linked = subprocess.run(line, cwd=ROOT, capture_output=True, text=True)
    if linked.returncode:
        raise SystemExit(linked.stdout + linked.stderr)
    with open(output + ".archives", "w", encoding="utf-8") as file:
        file.write("".join(f"{path}\n" for path in used))


main()
