extension HTMLReport {
  /// The script of the document: it filters, copies and prepares for printing.
  ///
  /// Whoever changes it changes ``scriptHash`` with it; a test says to what.
  static let script: StaticString = #"""

    "use strict";
    (() => {
      const root = document.documentElement;
      root.classList.add("scripted");

      document.addEventListener("click", async (event) => {
        const button = event.target.closest("dd button");
        if (!button) return;
        const code = button.parentElement.querySelector("code");
        getSelection().selectAllChildren(code);
        let copied = false;
        try {
          await navigator.clipboard.writeText(code.textContent);
          copied = true;
        } catch {
          copied = document.execCommand("copy");
        }
        button.textContent = copied ? "Copied" : "Selected";
        setTimeout(() => { button.textContent = "Copy"; }, 2000);
      });

      // For browsers whose style sheets cannot open what is folded.
      let opened = [];
      addEventListener("beforeprint", () => {
        if (CSS.supports("selector(::details-content)")) return;
        opened = Array.from(document.querySelectorAll("details:not([open])"));
        for (const details of opened) details.open = true;
      });
      addEventListener("afterprint", () => {
        for (const details of opened) details.open = false;
        opened = [];
      });

      const form = document.getElementById("filter");
      if (!form) return;
      const status = document.getElementById("matches");
      // Not asked for by selectors: in a large report each would go through a million nodes.
      const childrenOf = (parent, name) =>
        Array.from(parent.children).filter((child) => child.classList.contains(name));
      const bundle = (element) => ({ element, matches: 0, told: NaN, isHidden: false });
      const groups = childrenOf(document.getElementById("findings"), "group").map((group) => ({
        heading: group.firstElementChild,
        sheets: childrenOf(group, "batch").map((sheet) => ({
          ...bundle(sheet),
          batches: childrenOf(sheet, "batch").map((batch) => ({
            ...bundle(batch),
            severity: group.dataset.severity,
            size: batch.childElementCount,
            cards: null,
            isStale: false,
          })),
        })),
      }));
      const batches = groups.flatMap((group) => group.sheets.flatMap((sheet) => sheet.batches));
      const summed = (parts) => parts.reduce((sum, part) => sum + part.matches, 0);
      const total = batches.reduce((sum, batch) => sum + batch.size, 0);
      const counted = (number) => number.toLocaleString("en");

      // What is known of a card is gathered when it is first asked for.
      const cardsOf = (batch) => batch.cards ??= Array.from(batch.element.children, (element) => ({
        element,
        rule: element.dataset.rule,
        standing: element.dataset.standing.split(" "),
        text: null,
        isMatch: true,
        isHidden: false,
      }));
      const textOf = (card) => card.text ??= card.element.textContent.toLowerCase();

      // Nothing takes so long at once that a key or a frame would have to wait for it.
      const pause = () =>
        globalThis.scheduler?.yield?.() ?? new Promise((done) => setTimeout(done));
      const inSlices = async (items, isWanted, work) => {
        let end = performance.now() + 8;
        for (const item of items) {
          if (performance.now() > end) {
            await pause();
            if (!isWanted()) return false;
            end = performance.now() + 8;
          }
          work(item);
        }
        return true;
      };

      // Hides and shows the cards of a batch. Of a batch that is hidden itself none is touched.
      const settle = (batch) => {
        batch.isStale = false;
        for (const card of batch.cards) {
          if (card.isHidden === card.isMatch) card.element.hidden = card.isHidden = !card.isMatch;
        }
      };

      const wishes = () => {
        const severities = new Set(new FormData(form).getAll("severity"));
        const standing = form.elements.standing.value;
        const rule = form.elements.rule.value;
        const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
        const takesAll = !rule && !standing && words.length === 0;
        const isMatch = (card) => (!rule || card.rule === rule)
          && (!standing || card.standing.includes(standing))
          && words.every((word) => textOf(card).includes(word));
        return (batch) => {
          batch.isStale = false;
          batch.matches = 0;
          if (!severities.has(batch.severity)) return;
          if (takesAll && !batch.cards) {
            batch.matches = batch.size;
            return;
          }
          for (const card of cardsOf(batch)) {
            card.isMatch = takesAll || isMatch(card);
            if (card.isMatch) batch.matches++;
            if (card.isHidden === card.isMatch) batch.isStale = true;
          }
          if (batch.matches === 0) batch.isStale = false;
        };
      };

      const tell = (bundle) => {
        const isHidden = bundle.matches === 0;
        if (bundle.isHidden !== isHidden) bundle.element.hidden = bundle.isHidden = isHidden;
        // The style sheet guesses from it how tall a batch is that was not drawn yet.
        if (!isHidden && bundle.told !== bundle.matches) {
          bundle.element.style.setProperty("--matches", bundle.told = bundle.matches);
        }
      };

      // Shows what matches, as far as it can be seen; returns the batches that are left to be settled.
      const show = () => {
        let shown = 0;
        let first = null;
        for (const group of groups) {
          let matches = 0;
          for (const sheet of group.sheets) {
            sheet.matches = summed(sheet.batches);
            tell(sheet);
            if (sheet.matches > 0) sheet.batches.forEach(tell);
            matches += sheet.matches;
          }
          group.heading.hidden = matches === 0;
          if (matches > 0) first ??= group.heading;
          shown += matches;
        }
        status.textContent = shown === total
          ? `All ${counted(total)} findings are shown.`
          : `${counted(shown)} of ${counted(total)} findings are shown.`;
        // Whoever asks for others wants to see the first of them, not what moved to this place.
        const above = first?.getBoundingClientRect().top - form.getBoundingClientRect().bottom;
        if (above < 0) scrollBy(0, above);
        const stale = batches.filter((batch) => batch.isStale);
        for (const batch of stale) {
          const box = batch.element.getBoundingClientRect();
          if (box.top > innerHeight) break;
          if (box.bottom > 0) settle(batch);
        }
        return stale;
      };

      let latest = 0;
      const apply = async () => {
        const own = ++latest;
        const isLatest = () => own === latest;
        const match = wishes();
        const patience = setTimeout(() => { status.textContent = "Searching…"; }, 250);
        const isDone = await inSlices(batches, isLatest, match);
        clearTimeout(patience);
        if (!isDone) return;
        const settleIfStale = (batch) => { if (batch.isStale) settle(batch); };
        // Or the browser keeps in sight what was, and moves the rest.
        root.style.overflowAnchor = "none";
        const stale = show();
        requestAnimationFrame(() => setTimeout(() => { root.style.overflowAnchor = ""; }));
        await inSlices(stale, isLatest, settleIfStale);
      };

      form.addEventListener("input", apply);
      form.addEventListener("submit", (event) => event.preventDefault());
      form.addEventListener("reset", () => setTimeout(apply));
      addEventListener("beforeprint", () => {
        for (const batch of batches) if (batch.isStale) settle(batch);
      });
      // A browser may have kept what was typed before the page was loaded again.
      apply();
      // So that the first search does not have to gather all texts.
      inSlices(batches, () => true, (batch) => cardsOf(batch).forEach(textOf));
    })();

    """#

  /// What the document's policy lets through as the script, and nothing else.
  static let scriptHash: StaticString =
    "sha256-EBQxdtlXN0WT5t778F8GYD+iHh3SOObFAVMRcmFY15s="
}
