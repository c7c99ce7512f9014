#!/usr/bin/env python3
"""Looks at an HTML report in a headless browser and says what is wrong with it.

Every check opens the report anew and returns faults, one sentence each. Then the report is broken
in ways that a check must notice, each in a copy, and the check is run on the copy: a check that
finds nothing wrong with it is no check.

Use: check-report.py EXPECTED.json [CHECK ...]
EXPECTED.json: {"html": path of the report, "report": the same as `--format json` tells it,
"texts": texts that must be readable, "secrets": secrets of which none may be in the page,
"words": [what is searched for]}
Prints {"faults": {check: [fault]}, "broken": {check: {how: whether it was noticed}}}.
"""

import collections
import json
import os
import re
import sys
import tempfile

import browser

HERE = os.path.dirname(os.path.abspath(__file__))
SEVERITIES = ["critical", "high", "medium", "low"]


class Report:
    """What is opened, and what is known of it from elsewhere."""

    def __init__(self, started, expected, path):
        self.browser, self.path = started, path
        self.findings = expected["report"]["findings"]
        self.gaps = expected["report"]["coverage"]["gaps"]
        self.suppressed = expected["report"]["suppressed"]
        self.texts, self.secrets = expected["texts"], expected["secrets"]
        self.words = expected["words"]

    def open(self, width=1400, media="screen", scheme="light", scripts=True):
        """The report in a new tab, with the functions of checks.js."""
        page = self.browser.page()
        page.size(width)
        page.media(media, scheme)
        page.send("Page.addScriptToEvaluateOnNewDocument", source="""
            window.violations = [];
            document.addEventListener("securitypolicyviolation", (event) =>
                violations.push(`${event.effectiveDirective} ${event.blockedURI}`));""")
        if not scripts:
            page.send("Emulation.setScriptExecutionDisabled", value=True)
        page.open(self.path)
        if not scripts:
            page.send("Emulation.setScriptExecutionDisabled", value=False)
        with open(os.path.join(HERE, "checks.js"), encoding="utf-8") as file:
            page.evaluate(file.read())
        page.settle()
        return page

    def ids(self, wanted):
        return sorted(f["fingerprint"] for f in self.findings if wanted(f))


# MARK: What a page does by itself


def acts(report):
    """Nothing of what was scanned acts: no script, no element, no breach of the policy."""
    with report.open() as page:
        # Whatever waits for a mouse or a focus gets it.
        page.evaluate("""document.querySelectorAll("body *").forEach((element) => {
            for (const name of ["mouseover", "mouseenter", "focus", "pointerover", "toggle"])
                element.dispatchEvent(new Event(name)); })""")
        page.settle()
        faults = page.call("look.intruders")
        faults += [f"the policy was breached: {v}" for v in page.evaluate("violations")]
        faults += [f"a dialog: {e['message']}" for e in page.named("Page.javascriptDialogOpening")]
        faults += [f"thrown: {e['exceptionDetails']['text']}"
                   for e in page.named("Runtime.exceptionThrown")]
        faults += [f"console: {e['type']}" for e in page.named("Runtime.consoleAPICalled")]
        faults += [f"log: {e['entry']['text']}" for e in page.named("Log.entryAdded")
                   if e["entry"]["level"] in ("error", "warning")]
        return faults


def asks(report):
    """Nothing is asked for but the file itself."""
    with report.open() as page:
        page.settle()
        return [f"asks for {event['request']['url']}" for event in
                page.named("Network.requestWillBeSent") if event["request"]["url"] != page.url]


# MARK: What a page says


def tells(report):
    """What was scanned can be read as what it is, and nothing in it hides or turns text round."""
    with report.open() as page:
        return ([f"cannot be read: {text}" for text in page.call("look.unseen", report.texts)]
                + [f"holds what hides: {where}" for where in page.call("look.deceptive")])


def counts(report):
    """A card a finding, by severity, worst first; places, gaps and suppressed ones too."""
    faults = []
    with report.open() as page:
        groups = page.call("look.cards")
        wanted = [s for s in SEVERITIES if any(f["severity"] == s for f in report.findings)]
        if [group["severity"] for group in groups] != wanted:
            faults.append(f"groups are {[group['severity'] for group in groups]}")
        places = {f["fingerprint"]: len(f["places"]) for f in report.findings}
        for group in groups:
            ids = report.ids(lambda f: f["severity"] == group["severity"])  # noqa: B023
            if sorted(card["id"] for card in group["cards"]) != ids:
                faults.append(f"{len(group['cards'])} cards for {len(ids)} {group['severity']}")
            if not re.fullmatch(rf"{group['severity']} {len(ids):,}", group["heading"]):
                faults.append(f"a heading says {group['heading']}")
            for card in group["cards"]:
                if card["badge"] != group["severity"]:
                    faults.append(f"{card['id']} says {card['badge']}")
                if card["places"] != places.get(card["id"]):
                    faults.append(f"{card['id']} shows {card['places']} places")
        told = page.call("look.counts")
        numbers = {s: len(report.ids(lambda f: f["severity"] == s)) for s in SEVERITIES}  # noqa: B023
        numbers["suppressed"] = len(report.suppressed)
        numbers["not read"] = sum(gap.get("count", 1) for gap in report.gaps)
        for name, number in numbers.items():
            if told.get(name) != f"{number:,}":
                faults.append(f"{name}: {told.get(name)} instead of {number}")
        if page.call("look.suppressed") != len(report.suppressed):
            faults.append("not every suppressed finding is there")
        if page.call("look.gaps") != len(report.gaps):
            faults.append("not every gap is there")
    return faults


def dates(report):
    """The time line shows when secrets came in and went, as bars, as a table and as text."""
    faults = []
    entered = collections.Counter()
    for finding in report.findings:
        firsts = [p.get("first") or p.get("date") for p in finding["places"]]
        if any(firsts):
            entered[min(filter(None, firsts))[:4]] += 1
    with report.open() as page:
        line = page.call("look.timeline")
        if not line["isVisible"] or not line["names"] or len(line["legend"]) != 5:
            faults.append("nothing is drawn")
        rows = collections.Counter()
        for row in line["rows"]:
            rows[row[0][:4]] += int(row[1].replace(",", ""))
            if not any(title.startswith(f"{row[0]}: {row[1]} came in, {row[2]} ")
                       for title in line["titles"]):
                faults.append(f"no bar says {row}")
        if {year: n for year, n in rows.items() if n} != dict(entered):
            faults.append(f"came in: {dict(rows)} instead of {dict(entered)}")
        if entered and line["names"] and line["names"][0][:4] not in ("0", min(entered)) \
                and min(entered) not in [name[:4] for name in line["names"]]:
            faults.append(f"the line is named {line['names']}")
        if len(line["titles"]) != len(line["rows"]):
            faults.append(f"{len(line['titles'])} bars and {len(line['rows'])} rows")
    return faults


def frames(report):
    """Code has its line numbers, the secret's is the one that is marked, and no secret is shown."""
    faults = []
    with report.open() as page:
        known = {f["fingerprint"]: {p.get("line") for p in f["places"]} for f in report.findings}
        number = 0
        page.call("look.unfold")
        for card in page.call("look.frames"):
            for frame in card["frames"]:
                number += 1
                first = frame["numbers"][0] if frame["numbers"] else None
                if frame["numbers"] != [*range(first or 1, (first or 1) + frame["lines"])]:
                    faults.append(f"{card['id']} numbers its lines {frame['numbers']}")
                if not frame["isVisible"]:
                    faults.append(f"{card['id']} shows no line numbers")
                if not frame["marked"] or frame["marked"][0] not in known[card["id"]]:
                    faults.append(f"{card['id']} marks {frame['marked']}")
        if number == 0:
            faults.append("no frame is there")
        everything = page.call("look.everything")
        if any(secret in everything for secret in report.secrets):
            faults.append("a whole secret is in the page")
    return faults


# MARK: What a person does


def settled(page):
    """What is shown, once the page has come to rest."""
    before = None
    while True:
        page.settle()
        now = (page.call("look.status"), sorted(page.call("look.shownCards")))
        if now == before:
            return now
        before = now


def filters(report):
    """Filters and search show exactly what they say, and say how many that is."""
    faults = []
    total = len(report.findings)

    def expect(what, ids):
        status, shown = settled(page)
        said = f"All {total:,} findings are shown." if len(ids) == total \
            else f"{len(ids):,} of {total:,} findings are shown."
        if shown != sorted(ids):
            faults.append(f"{what}: {len(shown)} cards instead of {len(ids)}")
        if status != said:
            faults.append(f"{what}: {status!r} instead of {said!r}")
        groups = len({f["severity"] for f in report.findings if f["fingerprint"] in set(ids)})
        if page.call("look.headings") != groups:
            faults.append(f"{what}: {page.call('look.headings')} headings for {groups} groups")

    def reset():
        page.click("#filter [type=reset]")
        expect("show all", report.ids(lambda f: True))

    with report.open() as page:
        expect("at first", report.ids(lambda f: True))
        taken = []
        for severity in SEVERITIES:
            page.click(f"[name=severity][value={severity}]")
            taken.append(severity)
            expect(f"without {taken}", report.ids(lambda f: f["severity"] not in taken))
        reset()
        for words in report.words:
            page.click("#words")
            page.type(words)
            expect(f"search for {words!r}", page.call("look.matching", words.lower().split()))
            if page.call("look.matching", words.lower().split()) == []:
                faults.append(f"{words!r} is in no card")
            reset()
        page.click("#words")
        page.type(report.findings[0]["fingerprint"])
        expect("search for a fingerprint", [report.findings[0]["fingerprint"]])
        page.click("[name=severity][value=%s]" % report.findings[0]["severity"])
        expect("search for a fingerprint without its severity", [])
        reset()
        for control, of in [("standing", lambda f: f["standsIn"]), ("rule", lambda f: [f["rule"]])]:
            choices = page.evaluate(
                f"Array.from(document.getElementById('{control}').options, (o) => o.textContent)")
            values = sorted({value for f in report.findings for value in of(f)})
            if len(choices) != len(values) + 1:
                faults.append(f"{control} has the choices {choices}")
            for i in range(1, len(choices)):
                page.evaluate(f"document.getElementById('{control}').focus()")
                page.key("ArrowDown", 40)
                chosen = page.evaluate(f"document.getElementById('{control}').value")
                value = chosen if control == "standing" else choices[i].split(" (")[0]
                expect(f"{control} {value}", report.ids(lambda f: value in of(f)))  # noqa: B023
            reset()
    return faults


def keys(report):
    """Tab reaches all that a mouse can click, in its order and visibly, and keys work it."""
    faults = []
    with report.open() as page:
        stops = page.call("look.stops")
        faults += [f"no key reaches {name}" for name in stops["lost"]]
        reached = []
        for _ in range(stops["count"] + 5):
            page.tab()
            focus = page.call("look.focus")
            if focus is None or reached and focus["index"] == reached[0]:
                break
            # What comes into sight only now is drawn by the next frame.
            if not focus["inView"] or focus["isCovered"]:
                page.settle()
                focus = page.call("look.focus")
            reached.append(focus["index"])
            faults += [f"{focus['name']} {why}" for why, is_so in [
                ("shows no focus", not focus["ring"]),
                ("has the focus out of sight", not focus["inView"]),
                ("has the focus behind something", focus["isCovered"])] if is_so]
        if reached != [*range(stops["count"])]:
            missed = set(range(stops["count"])) - set(reached)
            names = [page.evaluate(f"stops[{i}].outerHTML.slice(0, 80)") for i in sorted(missed)[:3]]
            faults.append(f"Tab reaches {len(reached)} of {stops['count']}; not {names}")

        def focus(selector):
            page.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")

        def expect(what, expression):
            page.settle()
            if not page.evaluate(expression):
                faults.append(what)

        focus(".skip")
        page.enter()
        expect("the first link does not skip", "document.activeElement.id === 'findings'")
        focus("summary")
        page.enter()
        expect("Enter does not unfold", "document.querySelector('details').open")
        focus("[name=severity]")
        page.space()
        settled(page)
        expect("Space does not filter", "!document.querySelector('[name=severity]').checked"
               " && document.getElementById('matches').textContent.includes(' of ')")
        focus("#filter [type=reset]")
        page.enter()
        settled(page)
        expect("Enter does not show all", "/^All/.test(look.status())")
        focus("article button")
        page.enter()
        page.settle()
        expect("Enter does not copy", "document.querySelector('article button').textContent !== 'Copy'"
               " && getSelection().toString() === document.querySelector('dd button')"
               ".parentElement.querySelector('code').textContent")
    return faults


# MARK: How a page looks


def contrast(report):
    """Every text stands out from what is behind it: light, dark, and on paper."""
    faults = []
    for media, scheme in [("screen", "light"), ("screen", "dark"), ("print", "light"),
                          ("print", "dark")]:
        with report.open(media=media, scheme=scheme) as page:
            page.call("look.unfold")
            page.settle()
            faults += [f"{media}, {scheme}: {text}" for text in
                       page.call("look.faint", media == "print")[:5]]
            if page.call("look.measured") < 50:
                faults.append(f"{media}, {scheme}: only {page.call('look.measured')} texts")
            if page.call("look.isDark") != (media == "screen" and scheme == "dark"):
                faults.append(f"{media}, {scheme}: the page is of the other scheme")
    return faults


def paper(report):
    """Print shows everything, opened, and says so when a filter keeps something off the paper."""
    faults = []
    with report.open() as page:
        page.media("print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.settle()
        if len(page.call("look.shownCards")) != len(report.findings):
            faults.append("not every card is printed")
        hidden = page.evaluate("""Array.from(document.querySelectorAll(".place, .subjects li, td"))
            .filter((element) => !look.isVisible(element)).length""")
        if hidden:
            faults.append(f"{hidden} parts stay folded")
        if page.evaluate("['button', 'select', 'input', 'nav'].some((name) =>"
                         "Array.from(document.querySelectorAll(name)).some(look.isVisible))"):
            faults.append("controls are printed")
        if len(page.send("Page.printToPDF")["data"]) < 10_000:
            faults.append("the paper is empty")
        page.media()
        page.click("[name=severity][value=high]")
        settled(page)
        page.media("print")
        page.settle()
        status = page.call("look.status")
        if not page.evaluate("look.isVisible(document.getElementById('matches'))") \
                or not re.match(r"\d+ of \d+ findings are shown", status):
            faults.append(f"what is not printed is not said: {status}")
        elif len(page.call("look.shownCards")) != int(status.split(" ")[0]):
            faults.append(f"{status}, but {len(page.call('look.shownCards'))} are printed")
    return faults


def widths(report):
    """Nothing sticks out to the side, on a phone or on a wide screen."""
    faults = []
    for width in (360, 1400):
        with report.open(width=width) as page:
            page.call("look.unfold")
            page.settle()
            faults += [f"at {width}: {fault}" for fault in page.call("look.overflow")]
    return faults


def names(report):
    """Controls and drawings have names, headings an order, and links lead somewhere."""
    with report.open() as page:
        faults = page.call("look.structure")
        page.send("Accessibility.enable")
        nodes = page.send("Accessibility.getFullAXTree")["nodes"]
        seen = collections.Counter()
        for node in nodes:
            role = node.get("role", {}).get("value")
            if node.get("ignored") or role not in (
                    "link", "button", "checkbox", "searchbox", "textbox", "combobox", "image",
                    "img", "region", "search", "form", "group", "graphics-document",
                    "DisclosureTriangle", "navigation", "SvgRoot"):
                continue
            # Boxes are grouped by their legend; what only holds things together has no name.
            if role == "group":
                continue
            seen[role] += 1
            if not node.get("name", {}).get("value", "").strip():
                faults.append(f"a {role} has no name")
        for role in ("link", "button", "checkbox", "searchbox", "combobox", "navigation"):
            if not seen[role]:
                faults.append(f"no {role} is there")
        if not seen["image"] + seen["img"] + seen["graphics-document"] + seen["SvgRoot"]:
            faults.append("the drawing is no image to who does not see it")
    return faults


def alone(report):
    """Without scripts everything is shown, and nothing that would need one."""
    with report.open(scripts=False) as page:
        faults = []
        if len(page.call("look.shownCards")) != len(report.findings):
            faults.append("not every card is shown")
        if page.evaluate("Array.from(document.querySelectorAll('button, #filter'))"
                         ".some(look.isVisible)"):
            faults.append("controls are shown that do nothing")
        return faults


CHECKS = {check.__name__: check for check in (
    acts, asks, tells, counts, dates, frames, filters, keys, contrast, paper, widths, names, alone)}


# MARK: Breaking


def broken(html, expected):
    """Copies of the report with one thing broken in each: (check, how, text)."""
    free = re.sub(r"<meta http-equiv='Content-Security-Policy'.*?>", "", html, count=1, flags=re.S)

    def with_markup(check, how, markup, text=html):
        # A summary's and a finding's own text stays whole.
        return check, how, text.replace("<main>", f"<main>{markup}", 1)

    def with_style(check, how, rules):
        return check, how, free.replace("</head>", f"<style>{rules}</style></head>", 1)

    def with_change(check, how, old, new, count=1):
        assert old in free, f"the report has no {old}"
        return check, how, free.replace(old, new, count)

    secret = expected["secrets"][0]
    return [
        with_markup("acts", "an image with a handler", "<img src=x onerror=hostile=1>", free),
        with_markup("acts", "the same under the policy", "<img src=x onerror=hostile=1>"),
        with_markup("acts", "a script", "<script>hostile=1</script>", free),
        with_markup("acts", "a link that runs", "<a href='javascript:hostile=1'>x</a>", free),
        with_markup("acts", "a handler", "<p onmouseover='hostile=1'>x</p>", free),
        with_change("acts", "a script that fails", '"use strict";', 'null.x;'),
        with_markup("asks", "an image from elsewhere", "<img src='https://example.com/x'>", free),
        with_markup("asks", "a style sheet from elsewhere",
                    "<link rel=stylesheet href='https://example.com/x'>", free),
        with_change("tells", "a text gone", "&lt;script&gt;", "", -1),
        with_style("tells", "a text that is not drawn", "bdi, q { display: none; }"),
        with_markup("tells", "a mark that turns text round", "<p>a\u202eb</p>"),
        with_change("counts", "a card gone", "<article", "<section", 1),
        with_change("counts", "a badge of another severity", "<span class='badge'>", "<span class='badge'>x"),
        with_change("counts", "a place gone", "<div class='place'>", "<div>"),
        with_change("counts", "a wrong number", "</dd></div>", "0</dd></div>"),
        with_change("dates", "no bar", "<g><title>", "<g><desc>"),
        with_change("dates", "a row of another year", "<th scope='row'>20", "<th scope='row'>19"),
        with_style("dates", "nothing drawn", "svg { display: none; }"),
        with_change("frames", "a number skipped", "<pre><span><i>", "<pre><span><i>9"),
        with_style("frames", "no numbers", "pre i { display: none; }"),
        with_change("frames", "no mark", "<mark>", "<b>", -1),
        with_markup("frames", "a secret in an attribute", f"<p title='{secret}'>x</p>"),
        with_change("filters", "a filter that takes nothing out",
                    "severities.has(batch.severity)", "true"),
        with_change("filters", "a search that finds everything",
                    "words.every((word)", "words.slice(1).every((word)"),
        with_change("filters", "a wrong count", "counted(shown)", "counted(shown + 1)"),
        with_style("filters", "cards that stay", "article[hidden] { display: block !important; }"),
        with_change("filters", "a heading that stays", "group.heading.hidden =", "group.x ="),
        with_change("keys", "a link that Tab passes", "<article", "<article inert"),
        with_change("keys", "a button for the mouse alone", "<button type='button'",
                    "<button tabindex='-1' type='button'"),
        with_style("keys", "no ring", ":focus-visible { outline: none !important; }"),
        with_change("keys", "a skip link that does not", " tabindex='-1'>", ">"),
        with_style("keys", "focus behind the filter", "html { scroll-padding: 0 !important; }"
                   ".filter { height: 700px; position: fixed !important; }"),
        with_style("contrast", "pale text", "@media screen { .quiet { color: #9a9a9a !important; } }"),
        with_style("contrast", "dark on dark",
                   "@media (prefers-color-scheme: dark) { code { color: #333 !important; } }"),
        with_style("contrast", "dark colours on paper", "@media print { :root { --text: #e6e8eb; } }"),
        with_style("contrast", "no dark scheme", ":root { --page: #fff !important; --card: #fff; }"),
        with_style("paper", "folds on paper", "@media print { details::details-content {"
                   " content-visibility: hidden !important; } }"),
        with_style("paper", "no word on what is left out",
                   "@media print { .matches { display: none !important; } }"),
        with_style("paper", "a card that is not printed",
                   "@media print { article:last-child { display: none; } }"),
        with_style("widths", "a wide card", "article { min-width: 420px; }"),
        with_style("widths", "lines that do not wrap", "pre { white-space: pre !important; }"),
        with_change("names", "a box without a label", "<label for='words'>Search</label>", ""),
        with_change("names", "a drawing without a name", " aria-labelledby='drawing-title"
                    " drawing-description'>\n<title id='drawing-title'>", "><desc>"),
        with_change("names", "a level left out", "<h4>", "<h6>"),
        with_change("names", "a link that leads nowhere", "href='#rule-0'", "href='#gone'"),
        with_style("alone", "cards that wait for a script", "html:not(.scripted) article { display: none; }"),
        with_style("alone", "a filter without a script", ".filter { display: flex !important; }"),
    ]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        expected = json.load(file)
    program = browser.program()
    if not program:
        sys.exit("no Chromium is installed")
    with open(expected["html"], encoding="utf-8") as file:
        html = file.read()
    with browser.Browser(program) as started, tempfile.TemporaryDirectory() as folder:
        report = Report(started, expected, expected["html"])
        only = sys.argv[2:]
        faults = {name: check(report) for name, check in CHECKS.items() if not only or name in only}
        noticed = collections.defaultdict(dict)
        for name, how, text in broken(html, expected):
            if only and name not in only:
                continue
            path = os.path.join(folder, "broken.html")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            noticed[name][how] = bool(CHECKS[name](Report(started, expected, path)))
    print(json.dumps({"faults": faults, "broken": noticed}))


if __name__ == "__main__":
    main()
