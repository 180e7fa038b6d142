/**
 * The stylesheet of the demo's pages. Their Content-Security-Policy allows exactly this text, by its hash.
 *
 * Every text colour has a contrast of at least 4.5 to 1 on its background, in light and dark mode.
 */
export const DEMO_STYLE = `
:root {
  --page: #faf6ef; --sheet: #fffdfa; --line: #e7ded0; --tint: #f3ecdf; --ink: #2c251d; --soft: #6a5f52; --faint: #716657;
  --accent: #8f520b; --accent-ink: #fffdfa; --target: #1c5d8c; --version: #6b4790; --name: #0d675a;
  --mono: ui-monospace, 'SF Mono', 'Cascadia Code', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #16130f; --sheet: #1e1a15; --line: #3a3229; --tint: #2c261e; --ink: #ece4d8; --soft: #b0a493; --faint: #a0947f;
    --accent: #e8ad60; --accent-ink: #1e1a15; --target: #8fc3ee; --version: #cbadec; --name: #82d3c0;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body {
  margin: 0 auto; padding: 0 1.25rem; max-width: 58rem; background: var(--page); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
}
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: .2em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1.25rem; top: .5rem; padding: .25rem .75rem; background: var(--sheet); }
code, pre, .wire { font-family: var(--mono); font-size: .875em; font-variant-ligatures: none; }

header { display: flex; align-items: center; gap: .75rem; padding: 2rem 0 0; color: var(--accent); }
header p { margin: 0; color: var(--soft); }
header strong { margin-right: .5rem; color: var(--ink); }
h1 { margin: 3.5rem 0 1rem; font-size: clamp(2rem, 6vw, 3.25rem); line-height: 1.1; letter-spacing: -.025em; text-wrap: balance; }
h2 { margin: 4.5rem 0 .5rem; font-size: 1.6rem; line-height: 1.2; letter-spacing: -.015em; }
h3 { margin: 0; font-size: 1.0625rem; line-height: 1.4; overflow-wrap: anywhere; }
.lead { max-width: 40rem; margin: 0 0 2rem; font-size: 1.1875rem; color: var(--soft); text-wrap: pretty; }
.lead strong, .lead code { color: var(--ink); }

figure, article { margin: 0; background: var(--sheet); border: 1px solid var(--line); border-radius: 12px; }
figcaption { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .25rem 1rem; padding: .625rem 1.25rem;
  border-bottom: 1px solid var(--line); font-size: .875rem; color: var(--soft); }
.legend > span { margin-right: .75rem; }
.legend i { font-family: var(--mono); }
ol { margin: 0; padding: 0; list-style: none; }
.wire { line-height: 1.7; overflow-wrap: anywhere; }
.wire code { font-size: 1em; }
ol.wire { padding: 1rem 1.25rem 1.125rem; }
ol.wire li { padding-left: 2ch; text-indent: -2ch; }
i { font-style: normal; color: var(--faint); }
.cr, .lf, .ht { margin-left: .1875rem; font-size: 0; }
.cr::after, .lf::after, .ht::after { padding: .05rem .1875rem; border-radius: 3px; background: var(--tint);
  font: 600 .625rem/1 var(--mono); vertical-align: .1rem; }
.cr::after { content: 'CR'; }
.lf::after { content: 'LF'; }
.ht::after { content: 'HT'; }
.hidden { padding: 0 .5em; border: 1px dashed var(--faint); border-radius: 4px; color: var(--soft); font-size: .875em; }
.method { color: var(--accent); font-weight: 700; }
.request-target { color: var(--target); }
.http-version { color: var(--version); }
.field-name { color: var(--name); }
.colon, .space, .whitespace, .crlf { color: var(--faint); }

.lines { margin-top: 1.5rem; }
.lines > li { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); padding: 1.375rem 0; border-top: 1px solid var(--line); }
.lines h3 { font-family: var(--mono); font-size: 1rem; }
.lines p { margin: 0; }
.at { font: .8125rem/1.7 var(--mono); color: var(--faint); font-variant-numeric: tabular-nums; }
.at span:first-child { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.note { max-width: 44rem; color: var(--soft); text-wrap: pretty; }
.note a, small a { white-space: nowrap; }
.note a { font-size: .875rem; }
div > p.wire { margin: .5rem 0 .375rem; padding: .375rem .75rem; background: var(--sheet); border-radius: 6px; }
summary { width: max-content; font-size: .875rem; color: var(--soft); cursor: pointer; }
summary:hover { color: var(--ink); }
table { width: 100%; margin: .25rem 0 0; border-collapse: collapse; font-size: .875rem; }
th, td { padding: .5rem 1rem .5rem 0; border-top: 1px solid var(--line); text-align: left; vertical-align: baseline; font-weight: 400; }
thead th { border: 0; font-size: .8125rem; color: var(--soft); }
th:nth-child(n+3), td:nth-child(n+3) { width: 4rem; padding-right: 0; text-align: right; font-variant-numeric: tabular-nums; }
td:nth-child(2) { width: 14rem; line-height: 1.5; }
tbody th > span { font-family: var(--mono); font-size: .875rem; }
small { display: block; font-size: .8125rem; line-height: 1.5; color: var(--soft); }

dl { margin: 1.5rem 0 0; }
dl > div { display: grid; grid-template-columns: 10rem minmax(0, 1fr); padding: .75rem 0; border-top: 1px solid var(--line); }
dt { color: var(--soft); }
dd { margin: 0; color: var(--soft); }
dd strong { display: block; color: var(--ink); }
dd a { font-size: .875rem; white-space: nowrap; }

.routes { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem; margin-top: 1.5rem; }
article { display: flex; flex-direction: column; padding: 1.25rem; }
article > p { margin: .25rem 0 .875rem; color: var(--soft); }
article > .after { margin: .875rem 0 0; font-size: .875rem; }
var { color: var(--accent); }
form { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; margin-bottom: 1rem; }
label { width: 100%; font-size: .875rem; color: var(--soft); }
input, textarea { flex: 1 1 12rem; min-width: 0; padding: .5rem .75rem; border: 1px solid var(--faint); border-radius: 6px;
  background: var(--page); color: inherit; font: inherit; }
textarea { flex-basis: 100%; resize: vertical; }
button, .button { display: inline-block; padding: .5rem 1rem; border: 1px solid var(--accent); border-radius: 6px;
  background: var(--accent); color: var(--accent-ink); font: inherit; font-weight: 600; text-decoration: none; cursor: pointer; }
form a { margin-left: .5rem; }
pre { margin: 0; padding: .625rem .75rem; background: var(--page); border: 1px solid var(--line); border-radius: 6px;
  white-space: pre-wrap; overflow-wrap: anywhere; }
button:disabled { border-color: var(--line); background: var(--tint); color: var(--soft); cursor: default; }
.quiet { border-color: var(--faint); background: none; color: var(--ink); }
figure + figure { margin-top: 1.5rem; }
figure form { margin: 0; padding: 1rem 1.25rem; border-bottom: 1px solid var(--line); }
figure input { flex-basis: 7rem; }
.log:empty { display: none; }
.log { max-height: 26rem; overflow-y: auto; padding: .25rem 1.25rem .5rem; }
.log li { display: grid; grid-template-columns: 1.5rem minmax(0, 1fr); padding: .5rem 0; }
.log li + li { border-top: 1px solid var(--line); }
.log b { color: var(--accent); }
.log .received b { color: var(--name); }
.log code { font-size: .9375rem; white-space: pre-wrap; overflow-wrap: anywhere; }
footer { margin: 5rem 0 3rem; padding-top: 1.25rem; border-top: 1px solid var(--line); font-size: .875rem; color: var(--soft); }
footer p { max-width: 40rem; margin: 0; }

@media (max-width: 40rem) {
  .lines > li, dl > div { grid-template-columns: minmax(0, 1fr); }
  h1 { margin-top: 2.25rem; }
  h2 { margin-top: 3.5rem; }
  th, td { padding-right: .5rem; }
  th:nth-child(n+3), td:nth-child(n+3) { width: 3rem; }
  td:nth-child(2) { width: 6rem; }
  header p { font-size: .875rem; }
  header strong { display: block; font-size: 1rem; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
`;
