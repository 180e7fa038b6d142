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
  margin: 0 auto; padding: 0 1.25rem; max-width: 72rem; background: var(--page); color: var(--ink);
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
h1 { margin: 2.5rem 0 .75rem; font-size: clamp(1.875rem, 5vw, 2.75rem); line-height: 1.1; letter-spacing: -.025em; text-wrap: balance; }
h2 { margin: 3.5rem 0 .5rem; font-size: 1.375rem; line-height: 1.2; letter-spacing: -.015em; }
.lead { max-width: 40rem; margin: 0 0 1.25rem; font-size: 1.0625rem; color: var(--soft); text-wrap: pretty; }
.lead strong, .lead code { color: var(--ink); }

form { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem .75rem; margin-bottom: 1.75rem; }
label { font-size: .9375rem; color: var(--soft); }
input { flex: 0 1 18rem; min-width: 0; padding: .5rem .75rem; border: 1px solid var(--faint); border-radius: 8px; background: var(--sheet); color: inherit; font: inherit; }
button { padding: .5rem 1rem; border: 1px solid var(--accent); border-radius: 8px; background: var(--accent); color: var(--accent-ink); font: inherit; font-weight: 600; cursor: pointer; }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem; align-items: start; }
figure { margin: 0; min-width: 0; background: var(--sheet); border: 1px solid var(--line); border-radius: 12px; }
figcaption { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .25rem 1rem; padding: .625rem 1.25rem;
  border-bottom: 1px solid var(--line); font-size: .875rem; color: var(--soft); }
.legend { margin: .625rem 1.25rem 0; font-size: .875rem; color: var(--soft); }
.legend > span { margin-right: .75rem; }
.rest { color: var(--soft); font: .875rem/1.7 system-ui, sans-serif; }
li.content { margin-top: .5rem; padding-top: .5rem; border-top: 1px dashed var(--line); }
.status-code { color: var(--accent); font-weight: 700; }
.reason-phrase { color: var(--soft); }
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

details.section { margin-top: 1.25rem; border-top: 1px solid var(--line); padding-top: 1.25rem; }
.section + section h2 { margin-top: 2.5rem; }
.section > summary { font-size: 1.125rem; font-weight: 650; color: var(--ink); }
.lines { margin-top: 1rem; }
.lines > li { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); padding: 1.375rem 0; border-top: 1px solid var(--line); }
.lines h2 { margin: 0; font-family: var(--mono); font-size: 1rem; line-height: 1.4; letter-spacing: 0; overflow-wrap: anywhere; }
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

dl { margin: 1rem 0 0; }
dl > div { display: grid; grid-template-columns: 10rem minmax(0, 1fr); padding: .875rem 0; border-top: 1px solid var(--line); }
dt { font: .875rem/1.7 var(--mono); }
dd { margin: 0; color: var(--soft); }
dd pre { margin-top: .5rem; }
var { color: var(--accent); }
pre { margin: 0; padding: .625rem .75rem; background: var(--page); border: 1px solid var(--line); border-radius: 6px;
  white-space: pre-wrap; overflow-wrap: anywhere; }
button:disabled { border-color: var(--line); background: var(--tint); color: var(--soft); cursor: default; }
.quiet { border-color: var(--faint); background: none; color: var(--ink); }
figure + figure:not(.sides *) { margin-top: 1.5rem; }
figure form { margin: 0; padding: 1rem 1.25rem; border-bottom: 1px solid var(--line); }
figure input { flex-basis: 7rem; }
.log:has(ol:empty) { display: none; }
.log { max-height: 26rem; overflow-y: auto; padding: .25rem 1.25rem .5rem; }
.log li { display: grid; grid-template-columns: 1.5rem minmax(0, 1fr); padding: .5rem 0; }
.log li + li { border-top: 1px solid var(--line); }
.log b { color: var(--accent); }
.log .received b { color: var(--name); }
.log code { font-size: .9375rem; white-space: pre-wrap; overflow-wrap: anywhere; }
footer { margin: 3rem 0; padding-top: 1.25rem; border-top: 1px solid var(--line); font-size: .875rem; color: var(--soft); }
footer p { max-width: 40rem; margin: 0; }

@media (max-width: 40rem) {
  .lines > li, dl > div { grid-template-columns: minmax(0, 1fr); }
  h1 { margin-top: 1.75rem; }
  input { flex: 1 1 100%; }
  th, td { padding-right: .5rem; }
  th:nth-child(n+3), td:nth-child(n+3) { width: 3rem; }
  td:nth-child(2) { width: 6rem; }
  header p { font-size: .875rem; }
  header strong { display: block; font-size: 1rem; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
`;
