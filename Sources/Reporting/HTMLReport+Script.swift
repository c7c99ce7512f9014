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
      const cards = (batch) => Array.from(batch.querySelectorAll("article"), (element) => ({
        element,
        rule: element.dataset.rule,
        standing: element.dataset.standing.split(" "),
        hidden: false,
        isHidden: false,
        text: "",
      }));
      const groups = Array.from(document.querySelectorAll(".group"), (element) => ({
        element,
        heading: element.querySelector("h3"),
        severity: element.dataset.severity,
        batches: Array.from(element.querySelectorAll(".batch"), (batch) => ({
          element: batch,
          cards: cards(batch),
        })),
      }));
      const all = groups.flatMap((group) => group.batches.flatMap((batch) => batch.cards));
      const status = document.getElementById("matches");
      const counted = (number) => number.toLocaleString("en");

      // Texts are gathered once, piece by piece, so that the page answers meanwhile.
      let gathered = 0;
      const gather = () => {
        const end = performance.now() + 8;
        while (gathered < all.length && performance.now() < end) {
          const card = all[gathered++];
          card.text = card.element.textContent.toLowerCase();
        }
        if (gathered < all.length) setTimeout(gather);
        else if (form.elements.words.value) apply();
      };

      const settle = (batch) => {
        for (const card of batch.cards) {
          if (card.isHidden !== card.hidden) card.element.hidden = card.isHidden = card.hidden;
        }
        // The style sheet guesses from it how tall a batch is that was not drawn yet.
        batch.element.style.setProperty("--matches", batch.matches);
        batch.element.hidden = batch.matches === 0;
      };

      const apply = () => {
        const severities = new Set(new FormData(form).getAll("severity"));
        const standing = form.elements.standing.value;
        const rule = form.elements.rule.value;
        const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
        if (words.length > 0 && gathered < all.length) {
          status.textContent = "Searching…";
          return;
        }
        const isMatch = (card) => (!rule || card.rule === rule)
          && (!standing || card.standing.includes(standing))
          && words.every((word) => card.text.includes(word));
        let shown = 0;
        for (const group of groups) {
          const isWanted = severities.has(group.severity);
          let matches = 0;
          for (const batch of group.batches) {
            batch.matches = 0;
            for (const card of batch.cards) {
              card.hidden = !isWanted || !isMatch(card);
              if (!card.hidden) batch.matches++;
            }
            settle(batch);
            matches += batch.matches;
          }
          group.heading.hidden = matches === 0;
          shown += matches;
        }
        const total = counted(all.length);
        status.textContent = shown === all.length
          ? `All ${total} findings are shown.`
          : `${counted(shown)} of ${total} findings are shown.`;
      };

      let timer = 0;
      form.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(apply, 150);
      });
      form.addEventListener("change", () => {
        clearTimeout(timer);
        apply();
      });
      form.addEventListener("submit", (event) => event.preventDefault());
      form.addEventListener("reset", () => setTimeout(apply));
      // A browser may have kept what was typed before the page was loaded again.
      apply();
      gather();
    })();

    """#

  /// What the document's policy lets through as the script, and nothing else.
  static let scriptHash: StaticString =
    "sha256-+VpWmXNRFZY8l625scfurj4k0U4VfAWNBaNRyY6JMO4="
}
