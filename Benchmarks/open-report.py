#!/usr/bin/env python3
"""Opens an HTML report in a browser, filters it as a person does, and measures how it answers.

Of every action: how long until what the window shows is right (`shown`), until the count of all
matches is told (`counted`), and the longest task above 50 ms (`longest`; 0 if there is none), all
in milliseconds. Of the opening: first paint, end of loading, longest task. Prints one line an
action, or JSON.

Use: open-report.py REPORT.html [--runs N] [--json]
"""

import argparse
import json
import os
import statistics
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "Tests", "Browser"))
import browser  # noqa: E402

WATCH = """
window.measure = (() => {
  const tasks = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) tasks.push([entry.startTime, entry.duration]);
  }).observe({ type: "longtask", buffered: true });
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  // Looked at where a person sees them: a card on every line of the window that has one.
  const isRight = (wanted) => {
    const form = document.getElementById("filter").getBoundingClientRect();
    let cards = 0;
    for (let y = Math.max(0, form.bottom) + 5; y < innerHeight; y += 40) {
      const card = document.elementFromPoint(innerWidth / 2, y)?.closest("article");
      if (card && !wanted(card)) return false;
      cards += card ? 1 : 0;
    }
    return cards > 0;
  };
  let begun = 0;
  addEventListener("input", () => { begun = performance.now(); }, true);
  addEventListener("reset", () => { begun = performance.now(); }, true);
  return {
    tasks,
    async begin() { await frame(); begun = 0; },
    // `total` is the number of matches that must be told in the end.
    async end(wanted, total) {
      const status = document.getElementById("matches");
      const number = total.toLocaleString("en");
      let shown = 0, counted = 0;
      while (!shown || !counted) {
        if (performance.now() - begun > 20000) {
          throw new Error(`waits for ${number}: ${status.textContent}`);
        };
        await frame();
        const now = performance.now() - begun;
        if (!shown && isRight(wanted)) shown = now;
        if (!counted && new RegExp(`^(All )?${number} `).test(status.textContent)) counted = now;
      }
      for (let i = 0; i < 20; i++) await frame();
      const long = tasks
        .filter(([at, length]) => at + length > begun - 50).map((task) => task[1]);
      return { shown, counted, longest: Math.max(0, ...long) };
    },
  };
})();
"""

SEVERITIES = ["critical", "high", "medium", "low"]


def measure(page):
    """What every action took, by its name."""
    rows = {}
    loading = page.evaluate("""(() => {
        const painted = performance.getEntriesByName("first-contentful-paint")[0].startTime;
        return { painted, loaded: performance.getEntriesByType("navigation")[0].loadEventEnd };
    })()""")
    page.evaluate(WATCH)
    page.evaluate("new Promise((done) => setTimeout(done, 3000))")
    tasks = page.evaluate("measure.tasks")
    rows["open"] = {"shown": loading["painted"], "counted": loading["loaded"],
                    "longest": max([task[1] for task in tasks], default=0)}
    cards = page.evaluate("""Array.from(document.querySelectorAll("article"), (card) => [
        card.closest(".group").dataset.severity, card.dataset.rule,
        card.textContent.toLowerCase(), card.id.slice(8)])""")
    page.evaluate("document.getElementById('filter').scrollIntoView()")
    severities = {severity: sum(card[0] == severity for card in cards) for severity in SEVERITIES}

    def act(name, action, wanted, total):
        page.evaluate("measure.begin()")
        action()
        rows[name] = page.evaluate(f"measure.end((card) => {wanted}, {total})")

    def box(severity):
        return lambda: page.click(f"[name=severity][value={severity}]")

    def severity_in(names):
        return f"{json.dumps(names)}.includes(card.closest('.group').dataset.severity)"

    all_of = len(cards)
    first, *others = [severity for severity in SEVERITIES if severities[severity]]
    act(f"take {first} out", box(first), severity_in(others), all_of - severities[first])
    act(f"put {first} back", box(first), severity_in([first]), all_of)
    for severity in reversed(others):
        all_of -= severities[severity]
        act(f"take {severity} out too", box(severity), severity_in([first]), all_of)
    reset = lambda: page.click("#filter [type=reset]")  # noqa: E731
    act("show all", reset, "true", len(cards))

    def words(text, label):
        page.evaluate("document.getElementById('words').focus()")
        matches = sum(text in card[2] for card in cards)
        act(label, lambda: page.type(text), f"card.textContent.toLowerCase().includes({text!r})",
            matches)
        act(f"{label}, show all", reset, "true", len(cards))

    words("a", "type a letter that all have")
    words("billing", "type a word that many have")
    words(cards[-1][3], "type the fingerprint of the last")
    rule = cards[-1][1]

    def choose():
        page.evaluate("document.getElementById('rule').focus()")
        page.evaluate(f"""(() => {{
            const choice = document.getElementById("rule");
            choice.value = {rule!r};
            for (const name of ["input", "change"]) choice.dispatchEvent(new Event(name, {{ bubbles: true }}));
        }})()""")

    act("choose a rule", choose, f"card.dataset.rule === {rule!r}",
        sum(card[1] == rule for card in cards))
    act("choose a rule, show all", reset, "true", len(cards))
    # From the middle of the page, with all that stands above it.
    page.evaluate("document.querySelectorAll('.batch')[document.querySelectorAll('.batch').length >> 1].scrollIntoView()")
    page.settle()
    act(f"in the middle: take {others[-1]} out", box(others[-1]), severity_in([first] + others[:-1]),
        len(cards) - severities[others[-1]])
    act("in the middle: show all", reset, "true", len(cards))
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("report")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    program = browser.program()
    if not program:
        sys.exit("no Chromium is installed")
    runs = []
    for _ in range(arguments.runs):
        with browser.Browser(program) as started, started.page() as page:
            page.size(1400, 900)
            page.open(arguments.report)
            runs.append(measure(page))
    rows = {name: {what: statistics.median(run[name][what] for run in runs) for what in row}
            for name, row in runs[0].items()}
    if arguments.json:
        print(json.dumps(rows))
        return
    print(f"{'':34}  shown counted longest")
    for name, row in rows.items():
        print(f"{name:34}" + "".join(f" {round(row[what]):6}" for what in row))


if __name__ == "__main__":
    main()
