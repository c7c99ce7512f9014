#!/usr/bin/env python3
"""Writes the manual's pages from the commands, as keyscan --experimental-dump-help tells them.

    manual.py KEYSCAN FOLDER DATE

writes keyscan.1 and a page for each command into FOLDER; DATE is a day such as 2026-11-22. What no
command tells stands in keyscan.mdoc beside this, but for the exit statuses, which are those of the
README.
"""

import datetime
import json
import os
import re
import subprocess
import sys
import textwrap

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
CHARACTERS = {"\\": "\\e", "“": "\\(lq", "”": "\\(rq", "…": "\\&...", "–": "\\(en", "—": "\\(em"}
# The machine that builds has another number of processors than the one that runs.
DEFAULTS = {"jobs": "the number of processors"}


def escaped(text):
    text = "".join(CHARACTERS.get(character, character) for character in text)
    return re.sub(r"(?<![\w-])-{1,2}(?=[a-z])|(?<=[a-z])-(?=[a-z])",
                  lambda found: "\\-" * len(found[0]), text)


def prose(text):
    """Lines of text as mdoc wants them: a new sentence begins a new line."""
    lines = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        if lines:
            lines.append(".Pp")
        for sentence in re.split(r"(?<=[.?!:]) (?=[A-Z])", " ".join(paragraph.split())):
            for line in textwrap.wrap(escaped(sentence), 78, break_long_words=False,
                                      break_on_hyphens=False):
                lines.append("\\&" + line if line[0] in ".'" else line)
    return lines


def markdown(text):
    """A cell of one of the README's tables."""
    return text.replace("`", "").strip()


def shown(arguments):
    return [argument for argument in arguments if argument.get("shouldDisplay")]


def value(argument):
    return f"Ar {escaped(argument['valueName'])}"


def synopsis(words, arguments):
    lines = [".Nm", *[f".Cm {' '.join(words)}"]] if words else [".Nm"]
    if any(argument["kind"] != "positional" and argument["valueName"] not in ("help", "version")
           for argument in arguments):
        lines.append(".Op Ar options")
    for argument in arguments:
        if argument["kind"] == "positional":
            line = value(argument) + (" ..." if argument["isRepeating"] else "")
            lines.append(f".Op {line}" if argument["isOptional"] else f".{line}")
    return lines


def entry(argument):
    """One argument or option in a list."""
    if argument["kind"] == "positional":
        lines = [f".It {value(argument)}" + (" ..." if argument["isRepeating"] else "")]
    else:
        names = [("-" if name["kind"] == "short" else "--") + name["name"]
                 for name in argument["names"]]
        names.sort(key=len)
        flags = " , ".join("Fl " + name[1:].replace("-", "\\-") for name in names)
        lines = [f".It {flags}" + (f" {value(argument)}" if argument["kind"] == "option" else "")]
    lines += prose(argument.get("abstract") or "")
    name = argument["valueName"] if argument["kind"] == "positional" else (
        argument["preferredName"]["name"])
    default = DEFAULTS.get(name, argument.get("defaultValue"))
    if default and argument["kind"] == "option":
        lines += prose(f"The default is {default}.")
    return lines


def lists(arguments, heading):
    """All arguments, under the titles of their groups."""
    lines = []
    titles = list(dict.fromkeys(argument.get("sectionTitle") for argument in arguments))
    for title in titles:
        # --help and --version are said once, in keyscan(1).
        group = [argument for argument in arguments if argument.get("sectionTitle") == title
                 and argument["valueName"] not in ("help", "version")]
        if not group:
            continue
        if title:
            lines.append(f"{heading} {title}")
        lines.append(".Bl -tag -width Ds")
        for argument in group:
            lines += entry(argument)
        lines.append(".El")
    return lines


def head(name, abstract, date):
    day = datetime.date.fromisoformat(date)
    return [f".Dd {day:%B} {day.day}, {day.year}", f".Dt {name.upper()} 1", ".Os",
            ".Sh NAME", f".Nm {name}", f".Nd {escaped(lowered(abstract))}"]


def lowered(abstract):
    abstract = abstract.rstrip(".").replace(" (the default command)", "")
    return abstract[0].lower() + abstract[1:]


def statuses():
    """The README's table of exit statuses."""
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
        section = file.read().split("## Exit status\n")[1].split("\n## ")[0]
    lines = [".Bl -tag -width Ds"]
    for number, meaning in re.findall(r"^\| (\d+) \| (.*) \|$", section, re.MULTILINE):
        lines += [f".It {number}", *prose(markdown(meaning)[0].upper() + markdown(meaning)[1:] + ".")]
    lines.append(".El")
    if len(lines) < 10:
        raise SystemExit("manual.py: the README has no table of exit statuses")
    return lines + prose(section.strip().splitlines()[-1])


def sections():
    """The sections of keyscan.mdoc, by name."""
    with open(os.path.join(HERE, "keyscan.mdoc"), encoding="utf-8") as file:
        text = "".join(line for line in file if not line.startswith('.\\"'))
    parts = re.split(r"^\.Sh (.*)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], (part.rstrip("\n").splitlines() for part in parts[2::2])))


def see_also(names, own):
    others = ["git", *(name for name in names if name != own)]
    return [".Sh SEE ALSO", *(f".Xr {name} 1 ," for name in others[:-1]), f".Xr {others[-1]} 1"]


def main_page(root, names, date):
    commands = [command for command in root["subcommands"] if command["commandName"] != "help"]
    scan = next(command for command in commands if command["commandName"] == "scan")
    more = sections()
    lines = head("keyscan", root["abstract"], date)
    lines += [".Sh SYNOPSIS", *synopsis([], shown(scan["arguments"]))]
    lines += [".Nm", ".Ar command", ".Op Ar argument ..."]
    lines += [".Sh DESCRIPTION", *prose(root["discussion"].split("Without a subcommand")[0])]
    lines += [".Pp", *prose(scan["discussion"].replace("PATH", "path"))]
    lines += [".Sh COMMANDS", *prose("Without a command, keyscan scans."), ".Bl -tag -width Ds"]
    for command in commands:
        name = command["commandName"]
        lines += [f".It Cm {name}", *prose(command["abstract"])]
        if name != "scan":
            lines += ["See", f".Xr keyscan-{name} 1 ."]
    lines += [".El", ".Sh OPTIONS", *lists(shown(scan["arguments"]), ".Ss")]
    lines += [".Ss Other", ".Bl -tag -width Ds", ".It Fl \\-version", "Show the version.",
              ".It Fl h , Fl \\-help", "Show help.",
              ".It Fl \\-generate\\-completion\\-script Ar shell",
              "Print what bash, zsh or fish reads to complete command lines of keyscan.", ".El"]
    for name in ("ENVIRONMENT", "FILES"):
        lines += [f".Sh {name}", *more[name]]
    lines += [".Sh EXIT STATUS", *statuses(), ".Sh EXAMPLES", *more["EXAMPLES"]]
    return lines + see_also(names, "keyscan")


def command_page(command, names, date):
    name = f"keyscan-{command['commandName']}"
    below = command.get("subcommands", [])
    lines = head(name, command["abstract"], date) + [".Sh SYNOPSIS"]
    for part in below or [command]:
        words = list(dict.fromkeys([command["commandName"], part["commandName"]]))
        # The name of the page has a hyphen; what is typed has none.
        lines += synopsis(words, shown(part["arguments"]))
    lines = [line.replace(".Nm", ".Nm keyscan") if line == ".Nm" else line for line in lines]
    lines += [".Sh DESCRIPTION", *prose(command["abstract"])]
    if command.get("discussion"):
        lines += [".Pp", *prose(command["discussion"])]
    if below:
        lines.append(".Sh COMMANDS")
        for part in below:
            lines += [f".Ss keyscan {command['commandName']} {part['commandName']}"]
            lines += prose(part["abstract"])
            if part.get("discussion"):
                lines += [".Pp", *prose(part["discussion"])]
            lines += lists(shown(part["arguments"]), ".Pp\n.Em")
    else:
        lines += [".Sh OPTIONS", *lists(shown(command["arguments"]), ".Ss")]
    lines += [".Sh EXIT STATUS", "As that of", ".Xr keyscan 1 ."]
    return lines + see_also(names, name)


def main():
    program, folder, date = sys.argv[1:]
    root = json.loads(subprocess.run(
        [program, "--experimental-dump-help"], check=True, capture_output=True).stdout)["command"]
    commands = [command for command in root["subcommands"]
                if command["commandName"] not in ("help", "scan")]
    names = ["keyscan", *sorted(f"keyscan-{command['commandName']}" for command in commands)]
    pages = {"keyscan": main_page(root, names, date)}
    for command in commands:
        pages[f"keyscan-{command['commandName']}"] = command_page(command, names, date)
    pages["keyscan-scan"] = [".so man1/keyscan.1"]
    os.makedirs(folder, exist_ok=True)
    for name, lines in pages.items():
        with open(os.path.join(folder, f"{name}.1"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")


main()
