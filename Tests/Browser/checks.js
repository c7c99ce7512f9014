// What the checks ask of a page; see check-report.py.
window.look = (() => {
  const name = (element) => {
    const id = element.id ? `#${element.id}` : "";
    const text = element.textContent.trim().slice(0, 40).replace(/\s+/g, " ");
    return `${element.localName}${id} "${text}"`;
  };
  const isVisible = (element) => element.checkVisibility({ visibilityProperty: true })
    && Array.from(element.getClientRects()).some((box) => box.width > 0 && box.height > 0);
  const all = (selector, inside = document) => Array.from(inside.querySelectorAll(selector));
  const shown = () => all("article").filter(isVisible);
  const nextFrame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

  // Text nodes that are drawn, with the element that each stands in.
  const texts = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (!walker.currentNode.data.trim() || element.closest("script, style, title, desc, option"))
        continue;
      if (isVisible(element)) found.push([walker.currentNode, element]);
    }
    return found;
  };

  // [red, green, blue, alpha] of any colour that a computed style can have.
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const parts = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
  const behind = (element, print) => {
    const layers = [];
    for (let place = element; place; place = place.parentElement) {
      const layer = parts(getComputedStyle(place).backgroundColor);
      // A printer leaves backgrounds out, unless it is told not to.
      const isLeftOut = print && getComputedStyle(place).printColorAdjust !== "exact";
      if (!isLeftOut) layers.push(layer);
      if (!isLeftOut && layer[3] === 1) break;
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const luminance = (colour) => {
    const [red, green, blue] = colour.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };

  return {
    isVisible, shown, nextFrame,

    // What is in the page that only markup of a scanned file could have brought.
    intruders() {
      const found = [];
      const known = { script: 1, style: 1, svg: all(".drawing svg").length, form: 1 };
      for (const element of all("*")) {
        for (const attribute of element.attributes) {
          if (attribute.name.startsWith("on")) found.push(`${name(element)} has ${attribute.name}`);
          if (/^\s*(javascript|data|vbscript):/i.test(attribute.value))
            found.push(`${name(element)} has ${attribute.name}=${attribute.value}`);
        }
        if (["img", "iframe", "object", "embed", "link", "base", "video", "audio"]
          .includes(element.localName)) found.push(name(element));
      }
      for (const [tag, most] of Object.entries(known)) {
        if (all(tag).length > most) found.push(`${all(tag).length} elements ${tag}`);
      }
      if (window.hostile !== undefined) found.push(`a script of the repository ran: ${hostile}`);
      return found;
    },

    unfold() {
      for (const details of all("details")) details.open = true;
    },

    // Which of these texts nobody can read, once all that is folded is open.
    unseen(wanted) {
      look.unfold();
      // Marks and links cut a text into pieces that are read as one.
      const seen = texts().map(([node]) => node.data).join("");
      return wanted.filter((text) => !seen.includes(text));
    },
    deceptive() {
      const marks = /[\u{1}-\u{8}\u{B}-\u{1F}\u{7F}-\u{9F}\u{61C}\u{200B}-\u{200F}\u{202A}-\u{202E}\u{2066}-\u{2069}\u{FEFF}]/u;
      return all("body *").filter((element) => element.localName !== "script"
        && Array.from(element.childNodes).some((node) => node.nodeType === 3 && marks.test(node.data)))
        .map(name);
    },

    cards() {
      return all(".group").map((group) => ({
        severity: group.dataset.severity,
        heading: group.querySelector("h3").textContent,
        cards: all("article", group).map((card) => ({
          id: card.id.replace("finding-", ""),
          places: all(".place", card).length,
          badge: card.querySelector(".badge").textContent,
        })),
      }));
    },
    counts: () => Object.fromEntries(all(".counts > div").map((tile) =>
      [tile.querySelector("dt").textContent, tile.querySelector("dd").textContent])),
    suppressed: () => all("[aria-labelledby=suppressed-heading] li").length,
    gaps: () => all(".gaps .subjects li").length,

    timeline: () => ({
      bars: all(".drawing svg g").length,
      isVisible: all(".drawing svg").some(isVisible),
      names: all(".drawing svg > text").filter(isVisible).map((text) => text.textContent),
      titles: all(".drawing svg g > title").map((title) => title.textContent),
      rows: all(".drawing table tr").filter((row) => row.querySelector("th[scope=row]"))
        .map((row) => Array.from(row.cells, (cell) => cell.textContent)),
      legend: all(".legend li").filter(isVisible).map((entry) => entry.textContent),
    }),

    frames: () => all("article").map((card) => ({
      id: card.id.replace("finding-", ""),
      frames: all(".place > pre", card).map((frame) => ({
        numbers: all("span > i", frame).map((number) => Number(number.textContent)),
        lines: all("span", frame).length,
        isVisible: all("span > i", frame).every((number) =>
          isVisible(number) && getComputedStyle(number).color !== getComputedStyle(frame).backgroundColor),
        marked: all("mark", frame).map((mark) =>
          Number(mark.parentElement.querySelector("i").textContent)),
      })),
    })),
    everything: () => document.documentElement.outerHTML
      + all("input, textarea").map((element) => element.value).join(" ") + document.title,

    matching: (words) => all("article").filter((card) =>
      words.every((word) => card.textContent.toLowerCase().includes(word)))
      .map((card) => card.id.replace("finding-", "")),
    shownCards: () => shown().map((card) => card.id.replace("finding-", "")),
    headings: () => all(".group > h3").filter(isVisible).length,
    status: () => document.getElementById("matches").textContent,

    // What Tab must reach, in the order of the document.
    stops() {
      const wanted = all("a[href], button, input, select, textarea, summary, [tabindex]")
        .filter((element) => element.tabIndex >= 0 && !element.disabled);
      const clickable = all("a[href], button, input, select, summary");
      // Whoever takes an element out of the order leaves it to the mouse alone.
      const lost = clickable.filter((element) => element.tabIndex < 0).map(name);
      window.stops = wanted.filter((element) => isVisible(element) || element.matches(".skip"));
      return { count: window.stops.length, lost };
    },
    focus() {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      const x = Math.min(Math.max(box.x + Math.min(box.width / 2, 20), 1), innerWidth - 1);
      const y = box.y + Math.min(box.height / 2, 10);
      const top = document.elementFromPoint(x, y);
      return {
        index: window.stops.indexOf(element), name: name(element),
        ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
          && parts(style.outlineColor)[3] > 0.5,
        inView: box.bottom > 0 && box.top < innerHeight,
        isCovered: Boolean(top) && !element.contains(top) && !top.contains(element),
        at: [Math.round(box.x), Math.round(box.y)],
      };
    },

    // Texts whose contrast with what is behind them is too small to be read.
    faint(print) {
      const worst = new Map();
      for (const [, element] of texts()) {
        const style = getComputedStyle(element);
        const colour = element.namespaceURI.endsWith("svg") ? style.fill : style.color;
        const below = behind(element, print);
        let opacity = 1;
        for (let place = element; place; place = place.parentElement)
          opacity *= Number(getComputedStyle(place).opacity);
        const ink = parts(colour);
        ink[3] *= opacity;
        const [light, dark] = [luminance(over(ink, below)), luminance(below)]
          .sort((a, b) => b - a);
        const ratio = (light + 0.05) / (dark + 0.05);
        if (ratio < 4.5) worst.set(`${element.localName}.${element.className} ${ratio.toFixed(2)}`, 0);
      }
      return [...worst.keys()];
    },
    measured: () => texts().length,
    isDark: () => luminance(behind(document.body, false)) < 0.2,

    // What sticks out of the window, or out of a card, which cuts it off.
    overflow() {
      const found = [];
      const page = document.scrollingElement;
      if (page.scrollWidth > innerWidth) found.push(`the page is ${page.scrollWidth} wide`);
      for (const element of all("body *")) {
        if (!isVisible(element) || element.closest("svg, .skip, option")) continue;
        let right = innerWidth;
        let isScrolled = false;
        for (let place = element.parentElement; place; place = place.parentElement) {
          const style = getComputedStyle(place);
          if (["auto", "scroll"].includes(style.overflowX)) isScrolled = true;
          if (["hidden", "clip"].includes(style.overflowX))
            right = Math.min(right, place.getBoundingClientRect().right);
        }
        const box = element.getBoundingClientRect();
        if (!isScrolled && box.right > right + 0.5) found.push(`${name(element)} to ${box.right}`);
      }
      return found.slice(0, 5);
    },

    structure() {
      const found = [];
      let level = 0;
      for (const heading of all("h1, h2, h3, h4, h5, h6")) {
        const next = Number(heading.localName[1]);
        if (next > level + 1) found.push(`h${level} is followed by ${name(heading)}`);
        level = next;
      }
      for (const [selector, count] of [["h1", 1], ["main", 1], ["html[lang]", 1], ["title", null]]) {
        if (count !== null && all(selector).length !== count)
          found.push(`${all(selector).length} elements ${selector}`);
      }
      if (!document.title.trim()) found.push("no title");
      const ids = all("[id]").map((element) => element.id);
      if (new Set(ids).size !== ids.length) found.push("an id stands twice");
      for (const attribute of ["aria-labelledby", "aria-describedby", "for"]) {
        for (const element of all(`[${attribute}]`)) {
          for (const id of element.getAttribute(attribute).split(/\s+/)) {
            if (!document.getElementById(id)) found.push(`${attribute} of ${name(element)}: no ${id}`);
          }
        }
      }
      for (const link of all("a[href^='#']")) {
        if (!document.getElementById(link.getAttribute("href").slice(1)))
          found.push(`${name(link)} leads nowhere`);
      }
      return found;
    },
  };
})();
