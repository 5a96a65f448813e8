package dev.graft.transfer.evidence;

/**
 * The style of the pages that people read: light and dark by the reader's choice, one column from a
 * phone's width up, printable. Text keeps a contrast of at least 4.5 on every background, the cells
 * of the confusion matrix included.
 */
final class ReportStyle {

  /** The rules, for a style element. */
  static final String CSS =
      """
      :root {
        --paper: #ffffff; --ink: #1b1f24; --soft: #57606a; --line: #d5dae0; --panel: #f5f7f9;
        --blue: 37 99 235; --orange: 217 119 6; --link: #0a58ca; --first: #1d5fd1; --second: #b45309;
      }
      @media (prefers-color-scheme: dark) {
        :root {
          --paper: #14171c; --ink: #e6e9ed; --soft: #a2abb6; --line: #363d47; --panel: #1d2229;
          --blue: 96 165 250; --orange: 245 158 11; --link: #8ab4f8; --first: #7db1ff; --second: #f5b04c;
        }
      }
      * { box-sizing: border-box; }
      html { -webkit-text-size-adjust: 100%; }
      body {
        margin: 0 auto; padding: 1.25rem 1rem 4rem; max-width: 58rem; background: var(--paper);
        color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
      }
      h1 { font-size: 1.6rem; line-height: 1.25; margin: 0.5rem 0; overflow-wrap: anywhere; }
      h2 { font-size: 1.25rem; margin: 2.5rem 0 0.75rem; padding-top: 1rem; border-top: 1px solid var(--line); }
      h3 { font-size: 1.05rem; margin: 1.5rem 0 0.5rem; }
      p { margin: 0.6rem 0; max-width: 44rem; overflow-wrap: anywhere; }
      a { color: var(--link); }
      .lead { font-size: 1.2rem; line-height: 1.45; font-weight: 600; }
      .small { font-size: 0.875rem; color: var(--soft); }
      nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 0.25rem 1.1rem; padding: 0; margin: 0.5rem 0; }
      nav a { display: inline-block; padding: 0.25rem 0; }
      #summary h2 { margin-top: 1rem; }
      aside { border-left: 0.25rem solid rgb(var(--orange)); background: var(--panel); padding: 0.6rem 1rem; margin: 1rem 0; max-width: 44rem; }
      aside[aria-label="Notes"] { border-left-color: rgb(var(--blue)); }
      aside h3 { margin: 0; font-size: 1rem; }
      aside ul { margin: 0.25rem 0; padding-left: 1.2rem; overflow-wrap: anywhere; }
      main > section > ol, main > section > ul { max-width: 44rem; padding-left: 1.5rem; overflow-wrap: anywhere; }
      main > section > ol > li { margin: 0.4rem 0; }
      h4 { font-size: 0.95rem; margin: 1rem 0 0.25rem; }
      .badge { display: inline-block; padding: 0 0.5rem; border-radius: 0.6rem; font-size: 0.8rem; border: 1px solid var(--line); white-space: nowrap; }
      .taken { background: rgb(var(--blue) / 0.2); }
      .passed { color: var(--soft); }
      /* Shadows at the sides tell that there is more: the covers move with the table, the shadows do not. */
      .scroll {
        overflow-x: auto; margin: 1rem 0;
        background:
          linear-gradient(to right, var(--paper) 30%, transparent) 0 0 / 2rem 100% no-repeat local,
          linear-gradient(to left, var(--paper) 30%, transparent) 100% 0 / 2rem 100% no-repeat local,
          linear-gradient(to right, rgb(128 128 128 / 0.35), transparent) 0 0 / 0.6rem 100% no-repeat scroll,
          linear-gradient(to left, rgb(128 128 128 / 0.35), transparent) 100% 0 / 0.6rem 100% no-repeat scroll;
      }
      .scroll:focus-visible, a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
      caption { text-align: left; max-width: calc(100vw - 2rem); font-weight: 600; padding: 0 0 0.4rem; }
      th, td { padding: 0.35rem 0.75rem 0.35rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
      thead th { color: var(--soft); font-size: 0.875rem; font-weight: 600; vertical-align: bottom; }
      tbody th { font-weight: 500; min-width: 5.5rem; max-width: 16rem; overflow-wrap: anywhere; }
      .number { text-align: right; white-space: nowrap; }
      .figures thead th:not(:first-child), .matrix thead th:not(:first-child) { text-align: right; }
      .figures { min-width: min(100%, 34rem); }
      .interval { display: block; font-size: 0.8rem; color: var(--soft); }
      .counts td { width: 8rem; }
      .pairs { width: 100%; table-layout: fixed; }
      .pairs th { width: 34%; color: var(--soft); font-weight: 400; }
      .pairs td { overflow-wrap: anywhere; }
      .track, .bar { display: block; position: relative; height: 0.5rem; margin: 0.25rem 0 0.1rem; }
      .figures .track, .bar { min-width: 4.5rem; }
      .track::before { content: ""; position: absolute; inset: calc(50% - 1px) 0 auto; height: 2px; background: var(--line); }
      .range { position: absolute; top: 1px; bottom: 1px; background: rgb(var(--blue) / 0.4); border-radius: 3px; }
      .dot { position: absolute; top: 0; width: 0.5rem; height: 0.5rem; margin-left: -0.25rem; border-radius: 50%; background: var(--first); }
      .wide { max-width: 44rem; }
      .wide .track { height: 0.9rem; }
      .wide .dot { width: 0.9rem; height: 0.9rem; margin-left: -0.45rem; }
      .ends { display: flex; justify-content: space-between; font-size: 0.8rem; color: var(--soft); }
      .bar span { position: absolute; inset: 1px auto 1px 0; background: rgb(var(--blue) / 0.55); border-radius: 2px; }
      .matrix th, .matrix td { border: 1px solid var(--line); padding: 0.35rem 0.6rem; }
      .matrix thead th { white-space: nowrap; max-width: 11rem; overflow: hidden; text-overflow: ellipsis; }
      .matrix caption { white-space: nowrap; }
      .matrix td { min-width: 2.6rem; }
      .hit { background: rgb(var(--blue) / calc(0.08 + 0.34 * var(--share))); }
      .miss { background: rgb(var(--orange) / calc(0.1 + 0.4 * var(--share))); }
      .none { color: var(--soft); }
      .charts { display: flex; flex-wrap: wrap; gap: 0 1.5rem; }
      figure { margin: 0.75rem 0; flex: 1 1 20rem; max-width: 27rem; }
      figcaption { font-size: 0.875rem; color: var(--soft); }
      .pictures { display: flex; flex-wrap: wrap; gap: 0.6rem; margin: 0.75rem 0; align-items: flex-start; }
      .pictures figure { flex: none; margin: 0; }
      .pictures figcaption { font-size: 0.8rem; line-height: 1.3; }
      .pictures img { display: block; height: auto; }
      .cards figure { width: 8.5rem; overflow-wrap: anywhere; }
      .cards .thumb { width: 100%; aspect-ratio: 1; object-fit: contain; background: var(--panel); border: 1px solid var(--line); border-radius: 4px; }
      .cards audio { display: block; width: 100%; height: 2rem; margin-top: 0.25rem; }
      .cards figcaption { padding-top: 0.25rem; color: var(--ink); }
      .cards .text { width: 17rem; max-width: 100%; }
      .cards .marked { width: 27rem; }
      .cards blockquote { margin: 0; padding: 0.4rem 0.6rem; background: var(--panel); border-left: 3px solid var(--line); font-size: 0.85rem; }
      .file { color: var(--soft); font-size: 0.75rem; }
      svg { display: block; width: 100%; height: auto; }
      svg text { fill: var(--soft); font-size: 12px; }
      svg .grid { stroke: var(--line); stroke-width: 1; }
      .series0, .series1, .series2, .series3 { fill: none; stroke-width: 2; stroke-linejoin: round; }
      .series0 { stroke: var(--first); }
      .series1 { stroke: var(--second); stroke-dasharray: 6 4; }
      .series2 { stroke: var(--soft); stroke-dasharray: 2 4; }
      .series3 { stroke: var(--ink); stroke-dasharray: 10 3 2 3; }
      .band0, .fill0 { fill: rgb(var(--blue) / 0.25); }
      .band1 { fill: rgb(var(--orange) / 0.25); }
      .fill2 { fill: var(--soft); }
      .ideal { stroke: var(--soft); stroke-width: 1.5; stroke-dasharray: 5 4; }
      .mark.series0 { fill: var(--first); }
      .mark.series1 { fill: var(--second); stroke-dasharray: none; }
      .mark.series2 { fill: var(--soft); stroke-dasharray: none; }
      .mark.series3 { fill: var(--ink); stroke-dasharray: none; }
      summary { cursor: pointer; padding: 0.4rem 0; color: var(--link); }
      @media (max-width: 30rem) {
        table { font-size: 0.85rem; }
        th, td { padding-right: 0.4rem; }
        thead th { font-size: 0.75rem; overflow-wrap: normal; }
        tbody th { min-width: 4rem; }
        .interval { font-size: 0.7rem; }
        .matrix th, .matrix td { padding: 0.3rem 0.25rem; }
        .matrix td { min-width: 1.6rem; }
        .overview th, .overview td { padding-right: 0.25rem; font-size: 0.75rem; }
        .overview tbody th { min-width: 4.2rem; }
        .matrix thead th:first-child { white-space: normal; }
        .matrix tbody th { min-width: 2.5rem; }
        .counts td { width: 5rem; }
        .figures .track, .bar { min-width: 3rem; }
        .cards figure { width: calc(50% - 0.3rem); }
      }
      @media print {
        :root {
          --paper: #ffffff; --ink: #000000; --soft: #444444; --line: #bbbbbb; --panel: #ffffff;
          --blue: 37 99 235; --orange: 217 119 6; --link: #0a58ca; --first: #1d5fd1; --second: #b45309;
        }
        body { max-width: none; padding: 0; font-size: 10pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
        nav, audio { display: none; }
        .charts figure { flex: 0 1 45%; }
        .scroll { overflow: visible; background: none; }
        h2, h3, caption { break-after: avoid; }
        tr, figure, aside, li { break-inside: avoid; }
        details::details-content { content-visibility: visible; block-size: auto; }
      }
      """;

  private ReportStyle() {}
}
