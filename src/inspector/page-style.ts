/**
 * The stylesheet of the inspector, on that of all pages. Phases differ in hue and in lightness, so that they can be told apart without
 * colour vision; what failed or was slow has a mark besides its colour.
 */
import { PAGE_STYLE } from '../html/page-style.ts';
import { DETAIL_STYLE } from './detail-style.ts';
import { TRY_IT_STYLE } from './experiments/style.ts';
import { HPACK_STYLE } from './hpack-style.ts';
import { STATES_STYLE } from './states-style.ts';

export const INSPECTOR_STYLE = `${PAGE_STYLE}
:root {
  --waiting: #d6cec0; --head: #2f6fa3; --content-in: #7d56a8; --handler: #e0a03a; --content-out: #2f8a57; --idle: #d8d0c3;
  --bar-ink: #26221c; --fail: #a5281b; --slow: #8f520b; --fail-tint: #fbe9e6; --chosen: #f1e0c6; --name: #0d675a; --target: #1c5d8c; --version: #6b4790;
  --mono: ui-monospace, 'SF Mono', 'Cascadia Code', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --waiting: #4d463c; --head: #5fa3da; --content-in: #b18be0; --handler: #c98a2b; --content-out: #58b981; --idle: #453e34;
    --bar-ink: #ece6db; --fail: #ff9d8f; --slow: #e8ad60; --fail-tint: #3a2320; --chosen: #4d3d24; --name: #82d3c0; --target: #8fc3ee; --version: #cbadec;
  }
}
body { max-width: none; padding: 0 1.25rem 3rem; font-size: .9375rem; }
[hidden] { display: none !important; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; z-index: 9; padding: .25rem .75rem; background: var(--sheet); }
.soft { color: var(--soft); }
h1, h2, h3 { margin: 0; line-height: 1.3; }
h1 { font-size: 1.25rem; letter-spacing: -.01em; }
h2 { font-size: 1rem; }
h3 { font-size: .9375rem; }
small { font-size: .8125rem; font-weight: 400; color: var(--soft); }
code, pre { font-family: var(--mono); }

header { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .75rem 2rem; padding: 1rem 0 .875rem;
  border-bottom: 1px solid var(--line); }
.title { display: flex; align-items: center; gap: .75rem; flex-wrap: wrap; }
#state { display: inline-flex; align-items: center; gap: .4rem; padding: .0625rem .625rem; border: 1px solid var(--line);
  border-radius: 99px; background: var(--sheet); font-size: .8125rem; }
#state::before { content: ''; width: .5rem; height: .5rem; border-radius: 50%; background: var(--good); }
#state[data-state=paused]::before { border-radius: 1px; background: var(--slow); }
#state[data-state=lost]::before { border-radius: 0; background: var(--bad); }
.figures { display: flex; flex-wrap: wrap; gap: .25rem 1.75rem; margin: 0; }
.figures dt { font-size: .75rem; color: var(--soft); }
.figures dd { margin: 0; font-variant-numeric: tabular-nums; white-space: nowrap; }

#connections-view { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.25rem; }
.tools { display: flex; flex-wrap: wrap; align-items: end; gap: .625rem .75rem; padding: .875rem 0; }
.tools label { display: grid; gap: .125rem; font-size: .75rem; color: var(--soft); }
.grow { flex: 1 1 12rem; }
input, select, button { height: 2.125rem; padding: 0 .75rem; border: 1px solid var(--dash); border-radius: 6px; background: var(--sheet);
  color: var(--ink); font: inherit; font-size: .875rem; }
input, select { width: 100%; min-width: 6rem; }
#connection { max-width: 13rem; }
button { cursor: pointer; }
button:hover:not(:disabled) { border-color: var(--accent); }
button:disabled { color: var(--soft); cursor: default; opacity: .6; }
.group { display: flex; align-items: center; }
.group button { min-width: 2.25rem; margin-left: -1px; border-radius: 0; }
.group button:first-child { min-width: 5.25rem; border-radius: 6px 0 0 6px; }
.group button:last-child { border-radius: 0 6px 6px 0; }
.group button:focus-visible { z-index: 1; }
#export { display: grid; gap: .125rem; }
#export span { font-size: .75rem; color: var(--soft); }
#export a { display: flex; align-items: center; height: 2.125rem; margin-left: -1px; padding: 0 .75rem; border: 1px solid var(--dash);
  background: var(--sheet); color: var(--ink); font-size: .875rem; text-decoration: none; }
#export a:first-child { margin-left: 0; border-radius: 6px 0 0 6px; }
#export a:last-child { border-radius: 0 6px 6px 0; }
#export a:hover { border-color: var(--accent); }
#export a:focus-visible { z-index: 1; }
#span { min-width: 4.25rem; padding: 0 .5rem; text-align: center; font-size: .875rem; font-variant-numeric: tabular-nums; }
.link { height: auto; padding: 0; border: 0; background: none; color: var(--accent); text-align: left; text-decoration: underline;
  text-decoration-thickness: 1px; text-underline-offset: .2em; }
.plain { border-color: transparent; background: none; color: var(--soft); }
.warning, .remark { margin: 0 0 .75rem; padding: .5rem .75rem; border-left: 3px solid var(--fail); border-radius: 0 6px 6px 0;
  background: var(--fail-tint); }

.section-head { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: .25rem 1rem; }
#time { padding: .75rem 1rem 1rem; background: var(--sheet); border: 1px solid var(--line); border-radius: 10px; }
.legend { display: flex; flex-wrap: wrap; gap: .125rem .875rem; margin: 0; padding: 0; list-style: none; font-size: .8125rem; color: var(--soft); }
.legend i { position: static; display: inline-block; width: .875rem; height: .625rem; margin-right: .375rem; border-radius: 2px; }
.legend .idle { height: 3px; vertical-align: .2rem; background: var(--idle); }
ol { margin: 0; padding: 0; list-style: none; }
.axis-row, .lane { display: grid; grid-template-columns: 17.5rem minmax(0, 1fr); }
.has-detail .axis-row, .has-detail .lane { grid-template-columns: 11rem minmax(0, 1fr); }
.axis-row { height: 1.5rem; }
#axis { grid-column: 2; position: relative; overflow: hidden; font-size: .75rem; color: var(--soft); font-variant-numeric: tabular-nums; }
.tick { position: absolute; top: 0; height: 1.5rem; padding-left: .25rem; border-left: 1px solid var(--line); white-space: nowrap; }
#lanes { max-height: min(26rem, 50vh); overflow-y: auto; scrollbar-gutter: auto; }
.lane { border-top: 1px solid var(--line); }
.lane-head { display: flex; gap: .5rem; align-items: baseline; min-width: 0; padding: .25rem .75rem .25rem 0; font-size: .8125rem; line-height: 1.35; }
.lane-number { min-width: 1.75rem; color: var(--soft); font-weight: 600; font-variant-numeric: tabular-nums; }
.lane-words { display: grid; min-width: 0; }
.lane-words > * { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.lane-facts { color: var(--soft); font-size: .75rem; }
.closed .lane-name { color: var(--soft); }
.track { position: relative; align-self: center; min-height: 2rem; overflow: hidden; }
.lane-line { position: absolute; top: 14.5px; height: 3px; border-radius: 2px; background: var(--idle); }
.closed .lane-line { border-right: 3px solid var(--soft); }
.bar { position: absolute; height: 23px; min-width: 5px; padding: 0; border: 0; border-radius: 4px; background: var(--tint); overflow: hidden; }
.bar:hover { filter: brightness(1.08); }
.bar:focus-visible { outline-offset: 0; z-index: 3; }
.bar[aria-pressed=true] { outline: 2px solid var(--ink); outline-offset: 0; z-index: 2; }
.phase { position: absolute; top: 0; bottom: 0; display: block; }
.phase.waiting { background: repeating-linear-gradient(45deg, var(--waiting) 0 3px, transparent 3px 6px); }
.phase.head { background: var(--head); min-width: 1px; }
.phase.content-in { background: var(--content-in); }
.phase.handler { background: var(--handler); min-width: 1px; }
.phase.content-out { background: var(--content-out); min-width: 1px; }
.bar[data-mark=failed] { box-shadow: inset 0 0 0 2px var(--fail); }
.bar[data-mark=failed]::after { content: ''; position: absolute; inset: 0; border: 2px solid var(--fail); border-radius: 4px;
  background: repeating-linear-gradient(-45deg, transparent 0 6px, color-mix(in srgb, var(--fail) 35%, transparent) 6px 8px); }
.bar[data-mark=slow]::after { content: ''; position: absolute; inset: auto 0 0; height: 3px; background: var(--slow); }
.bar[data-mark=tunnel] .content-out { background: repeating-linear-gradient(90deg, var(--content-out) 0 8px, color-mix(in srgb, var(--content-out) 55%, transparent) 8px 12px); }
.bar.open { border-radius: 4px 0 0 4px; }
.bar-text { position: absolute; left: 5px; top: 3px; max-width: calc(100% - 10px); padding: 0 5px; border-radius: 3px; background: var(--sheet);
  color: var(--ink); font-size: .75rem; line-height: 17px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; z-index: 1; }
#empty { margin: 0; padding: 2.5rem 1rem; text-align: center; border-top: 1px solid var(--line); }

.table { overflow-x: auto; max-height: 32rem; overflow-y: auto; border: 1px solid var(--line); border-radius: 10px; background: var(--sheet); margin-top: .5rem; }
.exchanges { margin-top: 1.25rem; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .3125rem .875rem; text-align: left; font-weight: 400; border-top: 1px solid var(--line); white-space: nowrap; font-size: .875rem; }
thead th { position: sticky; top: 0; border: 0; background: var(--sheet); font-size: .75rem; color: var(--soft); z-index: 1; }
abbr { text-decoration: none; }
tbody th { width: 99%; max-width: 0; overflow: hidden; text-overflow: ellipsis; }
tbody .link { max-width: 100%; overflow: hidden; text-overflow: ellipsis; font: .8125rem var(--mono); color: var(--ink); text-decoration-color: transparent; }
tbody tr:hover { background: var(--tint); }
tbody tr:hover .link { text-decoration-color: currentColor; }
tr.selected { background: var(--tint); box-shadow: inset 3px 0 var(--accent); }
tr[data-mark=failed] .status { color: var(--fail); font-weight: 600; }
tr[data-mark=failed] .status::before { content: '✕ '; }
tr[data-mark=slow] td:nth-child(3) { color: var(--slow); font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
${DETAIL_STYLE}${STATES_STYLE}${HPACK_STYLE}${TRY_IT_STYLE}
@media (min-width: 70rem) {
  .has-detail #connections-view { grid-template-columns: minmax(0, 1fr) minmax(30rem, 42%); align-items: start; }
  .side { position: sticky; top: 0; display: flex; flex-direction: column; max-height: 100vh; }
  #detail { overflow-y: auto; min-height: 0; }
}
@media (max-width: 48rem) {
  body { padding: 0 .875rem 3rem; }
  .axis-row, .lane, .has-detail .axis-row, .has-detail .lane { grid-template-columns: minmax(0, 1fr); }
  #axis { grid-column: 1; }
  .lane { padding-bottom: .375rem; }
  .lane-words { display: flex; flex-wrap: wrap; column-gap: .75rem; }
  #time { padding: .75rem .75rem 1rem; }
  .figures { display: grid; grid-template-columns: 1fr 1fr; width: 100%; }
  .figures dd { white-space: normal; }
  .tools label:not(.grow) { flex: 1 1 7rem; }
  #connection { max-width: none; }
  th, td { padding-inline: .5rem; }
  thead th:nth-child(4), tbody td:nth-child(4) { display: none; }
}
@media (prefers-reduced-motion: no-preference) { #state[data-state=live]::before { animation: pulse 2s infinite; } }
@keyframes pulse { 50% { opacity: .35; } }
`;
