extension HTMLReport {
  /// The style sheet of the document.
  ///
  /// Whoever changes it changes ``styleHash`` with it; a test says to what.
  static let style: StaticString = #"""

    :root {
      color-scheme: light dark;
      --page: #f3f4f6; --card: #ffffff; --line: #cfd4db; --text: #1b1f24; --quiet: #505862;
      --link: #0b4fb3; --code: #eef0f3; --mark: #ffe08a; --on-mark: #1b1f24; --on-badge: #ffffff;
      --critical: #9d1145; --high: #a8360c; --medium: #755400; --low: #1c5f7e;
      --good: #17632f; --warning: #755400; --removed: #69717c;
    }
    @media screen and (prefers-color-scheme: dark) {
      :root {
        --page: #121417; --card: #1b1e23; --line: #3a4049; --text: #e6e8eb; --quiet: #a9b1bb;
        --link: #8ab8ff; --code: #262a31; --mark: #6b5300; --on-mark: #fff3cf; --on-badge: #121417;
        --critical: #ff8fab; --high: #ffab76; --medium: #f2cc60; --low: #7cc7e8;
        --good: #7bd88f; --warning: #f2cc60; --removed: #8d96a1;
      }
    }
    @property --matches { syntax: "<number>"; inherits: false; initial-value: 10; }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    html { scroll-padding-top: 9rem; }
    body {
      margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 68rem;
      background: var(--page); color: var(--text);
      font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
      overflow-wrap: anywhere;
    }
    code, pre {
      font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .875em;
    }
    code, bdi, q, li, dd, pre span { unicode-bidi: isolate; }
    article a, .rule a { overflow-wrap: anywhere; }
    a { color: var(--link); }
    :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
    .skip { position: absolute; left: -100rem; }
    .skip:focus {
      left: 1rem; top: .5rem; padding: .5rem 1rem; background: var(--card); z-index: 2;
    }
    h1 { font-size: 1.75rem; line-height: 1.2; margin: .25rem 0 .5rem; text-wrap: balance; }
    h2 { font-size: 1.3rem; margin: 2.5rem 0 .75rem; }
    h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
    h4 { font-size: 1rem; margin: 0; }
    h5 { font-size: .875rem; margin: .75rem 0 .25rem; }
    p { margin: .25rem 0; }
    ul, ol { margin: .25rem 0; padding-left: 1.5rem; }
    .quiet, .tool, footer { color: var(--quiet); font-size: .875rem; font-weight: normal; }
    .verdict { font-weight: 600; }
    .good { color: var(--good); }
    .warning { color: var(--warning); }
    nav ul, .targets, .counts, .legend, .gaps, .subjects { list-style: none; padding: 0; }
    nav ul, .legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
    .targets { margin: .75rem 0; }
    .counts { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0; }
    .counts div {
      flex: 1 1 7rem; display: flex; flex-direction: column-reverse; padding: .5rem .75rem;
      background: var(--card); border: 1px solid var(--line); border-radius: 6px;
      border-top: 4px solid var(--tone, var(--line));
    }
    .counts dt { font-size: .8125rem; color: var(--quiet); }
    .counts dd {
      margin: 0; font-size: 1.5rem; font-weight: 700; line-height: 1.2; color: var(--tone);
    }
    .counts .none { --tone: var(--line); }
    .counts .none dd { color: var(--quiet); }
    .critical { --tone: var(--critical); }
    .high { --tone: var(--high); }
    .medium { --tone: var(--medium); }
    .low { --tone: var(--low); }
    .removed { --tone: var(--removed); }
    .gaps > li, .rule, article {
      background: var(--card); border: 1px solid var(--line); border-radius: 6px;
      padding: .75rem 1rem; margin: .5rem 0;
    }
    .gaps > li { border-left: 4px solid var(--warning); }
    .gaps > .fails { border-left-color: var(--critical); }
    .gaps strong, .group > h3, .badge { text-transform: capitalize; }
    .subjects li { margin: .125rem 0; }
    .hints li { margin: .25rem 0; }
    .batch {
      content-visibility: auto; contain-intrinsic-block-size: calc(var(--matches) * 24rem);
    }
    .group > .batch { --matches: 200; }
    /* To take boxes out keeps a browser busy with every card in them; to skip them does not. */
    @supports (content-visibility: hidden) {
      .batch[hidden] {
        display: block !important; content-visibility: hidden; contain-intrinsic-block-size: 0;
      }
    }
    article { border-left: 4px solid var(--tone); overflow: clip; }
    article:target { outline: 3px solid var(--link); }
    article h4 a { color: inherit; text-decoration: none; }
    article h4 a:hover { text-decoration: underline; }
    .badge {
      display: inline-block; padding: 0 .5rem; border-radius: 1rem; font-size: .75rem;
      background: var(--tone); color: var(--on-badge); vertical-align: .1em;
    }
    dl { margin: .5rem 0; }
    article dl {
      display: grid; grid-template-columns: max-content 1fr; gap: .125rem 1rem;
      align-items: baseline;
    }
    article dt { color: var(--quiet); font-size: .875rem; }
    article dd { margin: 0; }
    dd code { user-select: all; }
    .place { margin: .75rem 0 0; padding-top: .5rem; border-top: 1px solid var(--line); }
    pre {
      margin: .375rem 0; padding: .5rem .75rem; background: var(--code); border-radius: 4px;
      white-space: pre-wrap; line-height: 1.45;
    }
    pre span { display: block; padding-left: 4.5rem; text-indent: -4.5rem; }
    pre i {
      display: inline-block; min-width: 3.75rem; margin-right: .75rem; text-align: right;
      text-indent: 0; font-style: normal; color: var(--quiet); user-select: none;
    }
    mark { background: var(--mark); color: var(--on-mark); border-radius: 2px; padding: 0 1px; }
    summary {
      cursor: pointer; color: var(--link); margin: .375rem 0; width: fit-content;
    }
    figure { margin: 0; }
    .drawing {
      overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 6px;
      padding: .5rem;
    }
    svg { display: block; width: 100%; min-width: 40rem; height: auto; }
    svg rect { fill: var(--tone); }
    svg g:hover { opacity: .75; }
    svg text { fill: var(--quiet); font-size: 13px; }
    .axis { stroke: var(--line); stroke-width: 1.5; fill: none; }
    .legend { font-size: .875rem; margin: .5rem 0; }
    .legend li::before {
      content: ""; display: inline-block; width: .75rem; height: .75rem; margin-right: .375rem;
      border-radius: 2px; background: var(--tone);
    }
    figcaption p { font-size: .875rem; color: var(--quiet); }
    table { border-collapse: collapse; font-size: .875rem; }
    th, td { padding: .125rem 1rem .125rem 0; text-align: right; }
    th:first-child { text-align: left; font-weight: normal; }
    button, input, select {
      font: inherit; font-size: .875rem; color: var(--text); background: var(--card);
      border: 1px solid var(--quiet); border-radius: 4px; padding: .25rem .5rem; max-width: 100%;
    }
    button { cursor: pointer; }
    dd button { font-size: .75rem; padding: 0 .375rem; }
    input[type=checkbox] { accent-color: var(--link); width: 1rem; height: 1rem; margin: 0; }
    .filter {
      display: flex; flex-wrap: wrap; gap: .375rem 1rem; align-items: center;
      position: sticky; top: 0; z-index: 1; padding: .625rem .75rem; margin: 0 -.25rem;
      background: var(--page); border-bottom: 1px solid var(--line); font-size: .875rem;
    }
    .filter p { margin: 0; }
    .filter fieldset {
      border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .75rem;
    }
    .filter legend { float: left; padding: 0 .75rem 0 0; }
    .filter fieldset label { display: inline-flex; align-items: center; gap: .25rem; }
    .filter .matches { flex-basis: 100%; color: var(--quiet); }
    #rule { width: 16rem; }
    html:not(.scripted) :is(.filter, button) { display: none; }
    footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .75rem; }
    @media (max-width: 40rem), (max-height: 30rem) {
      html { scroll-padding-top: 1rem; }
      .filter { position: static; }
    }
    @media (max-width: 40rem) {
      h1 { font-size: 1.4rem; }
      .counts div { flex-basis: 5rem; }
      article dl { grid-template-columns: 1fr; gap: 0; }
      article dd { margin-bottom: .25rem; }
      pre span { padding-left: 2.75rem; text-indent: -2.75rem; }
      pre i { min-width: 2.25rem; margin-right: .5rem; }
    }
    @media print {
      :root { --page: #ffffff; --code: #ffffff; color-scheme: light; }
      html { font-size: 80%; }
      body { max-width: none; padding: 0; }
      .skip, nav, button { display: none; }
      .filter { position: static; margin: 0; padding: 0; border: 0; }
      .filter > :not(.matches) { display: none; }
      .batch:not([hidden]) { content-visibility: visible; }
      h2, h3, h4, h5, .place > p { break-after: avoid; }
      .counts div, tr, .gaps > li, dl, pre { break-inside: avoid; }
      pre { border: 1px solid var(--line); }
      .drawing { overflow: visible; border: 0; }
      svg { min-width: 0; }
      .badge, mark, svg, .legend li::before { print-color-adjust: exact; }
      details::details-content { content-visibility: visible; display: block; block-size: auto; }
      summary { color: var(--text); list-style: none; font-weight: 600; }
    }
    @media (forced-colors: active) {
      .badge, mark { border: 1px solid; }
      svg rect, .legend li::before { forced-color-adjust: none; }
    }

    """#

  /// What the document's policy lets through as the style sheet, and nothing else.
  static let styleHash: StaticString =
    "sha256-35acZzCQ6LxLWqzP2UREQ6Kikjx+guG6bc2I5dotRlQ="
}
