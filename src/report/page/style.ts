import { Markup } from '../markup.js';

/**
 * Colours of either theme by what they mean. Text has a contrast of 4.5 and more on its ground, marks of 3 and more; what is
 * clean is blue and what is noise red-orange, which nearly everybody can tell apart.
 */
const colours = `
:root {
  --ground: #f4f6f8; --sheet: #ffffff; --ink: #1a2129; --soft: #55606c; --line: #d9dfe5; --faint: #eaeef2;
  --accent: #0b5c8f; --keep: #4a8db7; --hard: #1f5377; --review: #b98600; --relabel: #8157a8; --drop: #cf4a2e;
  --duplicate: #87919b; --band: #b9860022;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1318; --sheet: #181e25; --ink: #e8edf2; --soft: #a0acb8; --line: #333d48; --faint: #232b34;
    --accent: #7cc1ec; --keep: #5b9fc9; --hard: #a8d4ef; --review: #e0b13c; --relabel: #b18ddb; --drop: #f07a5f;
    --duplicate: #7f8b97; --band: #e0b13c2b;
  }
}`;

const layout = `
* { box-sizing: border-box; }
html { color-scheme: light dark; -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", sans-serif; }
header, nav, main, footer { max-width: 1168px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 40px; }
.brand { margin: 0; color: var(--accent); font-weight: 600; letter-spacing: .02em; }
h1 { margin: 2px 0 6px; font-size: clamp(1.75rem, 4.5vw, 2.6rem); line-height: 1.15; letter-spacing: -.02em; overflow-wrap: anywhere; }
.made, footer { color: var(--soft); font-size: .9rem; }
.made { margin: 0; max-width: 70ch; }
footer { padding-top: 8px; padding-bottom: 40px; }
nav ol { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 20px 0 0; padding: 0; list-style: none; font-size: .9rem; }
a { color: var(--accent); text-underline-offset: 3px; }
nav a { display: inline-block; padding: 3px 0; text-decoration: none; }
nav a:hover { text-decoration: underline; }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 12px; top: 12px; padding: 8px 12px; background: var(--sheet); }
main > section { margin: 24px 0; padding: 28px 30px 30px; background: var(--sheet); border: 1px solid var(--line); border-radius: 12px; }
.heading { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 2px 24px; margin-bottom: 14px; }
h2 { margin: 0; font-size: 1.4rem; line-height: 1.25; letter-spacing: -.01em; }
.heading p { margin: 0; color: var(--soft); font-size: .9rem; }
h3 { margin: 0; font-size: 1rem; line-height: 1.3; overflow-wrap: anywhere; }
.sub { margin: 22px 0 8px; }
.lead { margin: 0 0 18px; max-width: 78ch; }
.about, .note { margin: 0 0 16px; color: var(--soft); font-size: .9rem; max-width: 84ch; overflow-wrap: anywhere; }
.note { margin: 14px 0 0; }
.notes { margin: 0 0 18px; padding: 10px 14px 10px 30px; border-left: 4px solid var(--review); background: var(--faint); font-size: .95rem; }
.tiles { display: grid; grid-template-columns: repeat(5, 1fr); gap: 12px; margin: 0 0 22px; padding: 0; list-style: none; }
.tiles li { padding: 14px 16px; background: var(--faint); border-radius: 8px; display: flex; flex-direction: column; }
.tiles strong { font-size: 1.8rem; line-height: 1.2; font-weight: 650; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.tiles span { font-size: .95rem; line-height: 1.35; }
.tiles small { margin-top: 4px; color: var(--soft); font-size: .82rem; line-height: 1.35; }
.legend { display: grid; grid-template-columns: repeat(3, 1fr); gap: 8px 28px; margin: 16px 0 0; padding: 0; list-style: none; font-size: .92rem; }
.legend li { position: relative; padding-left: 22px; font-variant-numeric: tabular-nums; }
.legend span, .legend small { color: var(--soft); }
.legend small { display: block; font-size: .82rem; line-height: 1.35; }
.legend.short { display: flex; flex-wrap: wrap; margin: 0 0 8px; }
.swatch { position: absolute; left: 0; top: .36em; width: 13px; height: 13px; border-radius: 3px; background: currentColor; }`;

const charts = `
.keep, .clean, .train { fill: var(--keep); color: var(--keep); stroke: var(--keep); }
.hard { fill: var(--hard); color: var(--hard); }
.review { fill: var(--review); color: var(--review); }
.relabel { fill: var(--relabel); color: var(--relabel); }
.drop, .noise, .retrain { fill: var(--drop); color: var(--drop); stroke: var(--drop); }
.duplicate { fill: var(--duplicate); color: var(--duplicate); }
svg { display: block; width: 100%; height: auto; }
svg rect { stroke: none; }
svg.share { height: 16px; border-radius: 4px; background: var(--faint); }
svg.share rect { stroke: var(--sheet); stroke-width: 2px; vector-effect: non-scaling-stroke; }
.chart { margin: 0; }
.chart figcaption p { margin: 8px 0 0; color: var(--soft); font-size: .9rem; max-width: 90ch; }
.charts { display: grid; grid-template-columns: 1fr 1fr; gap: 28px; margin-top: 12px; }
.narrow { display: none; }
svg text { fill: var(--soft); font-size: 13px; font-variant-numeric: tabular-nums; }
svg .mark { fill: var(--ink); font-weight: 600; }
.middle text, text.middle { text-anchor: middle; }
.end text, text.end { text-anchor: end; }
.grid line { stroke: var(--line); stroke-width: 1; }
.axis { stroke: var(--soft); stroke-width: 1; }
.cut { stroke: var(--ink); stroke-width: 2; stroke-dasharray: 6 4; }
.band { fill: var(--band); }
.line { fill: none; stroke-width: 2.5; stroke-linejoin: round; stroke-linecap: round; }
.line.retrain { stroke-dasharray: 7 5; }
.dot { stroke: none; }`;

const tables = `
table { width: 100%; border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
th, td { padding: 8px 0 8px 20px; text-align: right; border-bottom: 1px solid var(--line); vertical-align: top; }
th:first-child, td:first-child { padding-left: 0; text-align: left; min-width: 9ch; overflow-wrap: anywhere; }
thead th, thead td { padding-top: 0; color: var(--soft); font-weight: 500; font-size: .85rem; vertical-align: bottom; }
tbody th { font-weight: 500; }
.identities th:first-child { width: 44%; }
.identities svg.share { height: 7px; margin-top: 5px; border-radius: 2px; }
.stages td.path { text-align: left; }
.stages th:nth-child(2) { text-align: left; }
table.figures { width: auto; min-width: min(100%, 560px); }
dl { margin: 0; }
dd { margin: 0; overflow-wrap: anywhere; }
dl.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(190px, 1fr)); gap: 10px 24px; }
dl.figures dt { color: var(--soft); font-size: .85rem; }
dl.figures dd { font-size: 1.15rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.meanings { display: grid; grid-template-columns: 1fr 1fr; gap: 5px 32px; font-size: .9rem; }
.meanings div { display: grid; grid-template-columns: 92px 1fr; gap: 10px; }
.meanings dt { color: var(--soft); }
.stages { margin-top: 18px; }
.reasons + .about { margin-top: 16px; }
.settings { columns: 250px; column-gap: 32px; font-size: .85rem; }
.settings section { break-inside: avoid; padding: 0 6px; overflow: hidden; }
.settings dl div { display: grid; grid-template-columns: 150px 1fr; gap: 8px; padding: 2px 6px; margin: 0 -6px; }
.settings dt { color: var(--soft); overflow-wrap: anywhere; }
.settings .differs { background: var(--faint); font-weight: 600; border-radius: 3px; }
.files { margin: 0; padding: 0; list-style: none; font-size: .9rem; columns: 2; column-gap: 32px; }
.files li { padding: 3px 0; break-inside: avoid; overflow-wrap: anywhere; }`;

const galleries = `
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); gap: 12px; }
.cards.tight { grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); }
.card { display: grid; grid-template-columns: 96px minmax(0, 1fr); grid-template-rows: 1fr auto; gap: 10px 14px; padding: 14px; border: 1px solid var(--line); border-radius: 8px; break-inside: avoid; }
.card.whole { display: block; }
.card.whole > * + * { margin-top: 10px; }
.told { min-width: 0; }
.to { font-weight: 600; color: var(--relabel); }
.path { margin: 0; font: .8rem/1.4 ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; color: var(--soft); overflow-wrap: anywhere; }
.reason { margin: 6px 0 0; font-size: .87rem; line-height: 1.42; overflow-wrap: anywhere; }
.verdict { margin: 4px 0 0; font-size: .82rem; font-weight: 600; color: var(--accent); }
.facts { display: flex; flex-wrap: wrap; gap: 1px 12px; margin-top: 7px; font-size: .8rem; line-height: 1.45; font-variant-numeric: tabular-nums; }
.facts div { display: flex; gap: 5px; min-width: 0; }
.facts dt { color: var(--soft); white-space: nowrap; }
.face { display: block; object-fit: cover; background: var(--faint); border-radius: 6px; }
.face.large { width: 96px; height: 96px; }
.face.small { width: 48px; height: 48px; border-radius: 4px; }
.face.none { display: grid; place-items: center; color: var(--soft); font-size: .7rem; line-height: 1.1; text-align: center; }
.photo { grid-column: 1 / -1; margin: 0; }
.photo svg { display: block; width: auto; max-width: 100%; height: auto; max-height: 240px; border-radius: 6px; }
.photo figcaption, .which { margin: 4px 0 0; font-size: .8rem; color: var(--soft); }
.which { grid-column: 1 / -1; }
.box rect { vector-effect: non-scaling-stroke; }
.box .edge, .box .line { fill: none; }
.box .edge { stroke: rgb(0 0 0 / 65%); stroke-width: 3.5px; }
.box .line { stroke: #fff; stroke-width: 1.5px; }
.box .tag { fill: rgb(0 0 0 / 72%); }
.box text { fill: #fff; font-weight: 700; text-anchor: middle; }
.box.judged .edge { stroke-width: 6.5px; }
.box.judged .line { stroke: #ffc83d; stroke-width: 4px; }
.box.judged .tag { fill: #ffc83d; }
.box.judged text { fill: #221a00; }
.strip { grid-column: 1 / -1; display: flex; align-items: center; justify-content: space-between; gap: 12px; padding-top: 10px; border-top: 1px solid var(--line); }
.strip p { margin: 0; font-size: .8rem; line-height: 1.35; color: var(--soft); overflow-wrap: anywhere; min-width: 0; }
.strip > div { display: flex; gap: 4px; flex: none; }
.card.whole .strip { display: block; }
.card.whole .strip > div { flex-wrap: wrap; margin-top: 6px; }
.pair { margin: 0; }
.pair > div { display: flex; gap: 4px; }
.pair figcaption { margin-top: 6px; font-size: .82rem; }
.pair .path { display: block; }
.pairs { display: grid; gap: 12px; }`;

const narrow = `
@media (max-width: 760px) {
  header, nav, main { padding-left: 14px; padding-right: 14px; }
  header { padding-top: 24px; }
  main > section { margin: 16px 0; padding: 20px 16px; border-radius: 10px; }
  .tiles { grid-template-columns: 1fr 1fr; }
  .tiles li:first-child { grid-column: 1 / -1; }
  .legend, .charts, .meanings { grid-template-columns: 1fr; }
  .charts { gap: 16px; }
  .wide, .less { display: none; }
  .narrow { display: block; max-width: 520px; }
  .identities th:first-child { width: auto; }
  th, td { padding-left: 12px; }
  .files { columns: 1; }
  .card { padding: 12px; gap: 10px 12px; }
  .cards, .cards.tight { grid-template-columns: 1fr; }
  .face.large { width: 84px; height: 84px; }
  .card:not(.whole) { display: flow-root; }
  .card:not(.whole) > .face { float: left; margin: 0 12px 6px 0; }
  .card .photo, .card .which { clear: both; padding-top: 4px; }
  .card .strip { clear: both; margin-top: 10px; }
}
@media (min-width: 761px) and (max-width: 1080px) { .tiles { grid-template-columns: repeat(3, 1fr); } .legend { grid-template-columns: 1fr 1fr; } }`;

const print = `
@media print {
  :root { color-scheme: light; --ground: #fff; --sheet: #fff; --ink: #000; --soft: #444; --line: #ccc; --faint: #f1f3f5; --accent: #0b5c8f; --keep: #4a8db7; --hard: #1f5377; --review: #b98600; --relabel: #8157a8; --drop: #cf4a2e; --duplicate: #87919b; --band: #b9860022; }
  @page { margin: 14mm; }
  body { font-size: 10.5pt; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  nav, .skip { display: none; }
  header, main, footer { max-width: none; padding: 0; }
  main > section { border: 0; padding: 0; margin: 10mm 0 0; }
  .heading, h3 { break-after: avoid; }
  tr, .chart, .tiles li { break-inside: avoid; }
  .tiles { grid-template-columns: repeat(5, 1fr); gap: 6px; }
  .tiles li, .tiles li:first-child { grid-column: auto; padding: 8px; }
  .tiles strong { font-size: 1.4rem; }
  .cards { grid-template-columns: 1fr 1fr; }
}`;

/** The style sheet of the page. */
export const style = new Markup([colours, layout, charts, tables, galleries, narrow, print].join('\n'));
