/** The part of the stylesheet that is about the panel of an exchange. */
export const DETAIL_STYLE = `
.side { min-width: 0; }
body:not(.has-detail) .side { display: none; }
#detail { padding: 1rem 1.25rem 1.25rem; background: var(--sheet); border: 1px solid var(--line); border-radius: 10px; margin-top: .875rem; }
.detail-head { display: flex; justify-content: space-between; align-items: start; gap: .75rem; }
.detail-head h2 { font-size: 1.0625rem; overflow-wrap: anywhere; }
.detail-head h2:focus { outline: none; }
.detail-head code { font-size: .9375rem; }
.status-badge { display: inline-block; padding: 0 .5rem; border-radius: 4px; background: var(--tint); font-size: .875rem; font-variant-numeric: tabular-nums; }
.status-badge[data-class='2'] { color: var(--good); }
.status-badge[data-class='4'], .status-badge[data-class='5'], .status-badge[data-class='0'] { color: var(--bad); }
.buttons { display: flex; flex-wrap: wrap; gap: .5rem; margin: .75rem 0; }
.curl { margin: 0 0 .75rem; padding: .625rem .75rem; border-radius: 6px; background: var(--tint); font-size: .8125rem; white-space: pre-wrap;
  overflow-wrap: anywhere; user-select: all; }
#detail section { margin-top: 1.125rem; padding-top: .875rem; border-top: 1px solid var(--line); }
#detail h3 { margin-bottom: .375rem; }
#detail section > p { margin: .375rem 0 0; font-size: .875rem; }
.phases th, .phases td { padding: .1875rem .5rem .1875rem 0; border: 0; font-size: .875rem; }
.phases th { width: 6.5rem; max-width: none; }
.phases .number { width: 5.5rem; padding-right: 0; }
.phases .scale { position: relative; }
.phases .phase { top: .375rem; bottom: .375rem; border-radius: 2px; }
.phases tbody tr:hover { background: none; }
.states { display: flex; flex-direction: column; gap: .375rem; font-size: .875rem; }
.states li { position: relative; padding-left: 1.375rem; }
.states li::before { content: ''; position: absolute; left: 2px; top: .4375rem; width: .5rem; height: .5rem; border-radius: 50%;
  border: 2px solid var(--accent); background: var(--sheet); }
.states li:last-child::before { background: var(--accent); }
.states li:not(:last-child)::after { content: ''; position: absolute; left: 7px; top: 1.1875rem; bottom: -.6875rem; width: 2px; background: var(--line); }
#detail dl { margin: 0; font-size: .875rem; }
#detail dl > div { display: grid; grid-template-columns: 5.5rem minmax(0, 1fr); padding: .1875rem 0; }
#detail dt { color: var(--soft); }
#detail dd { margin: 0; overflow-wrap: anywhere; }

.wire { font: .8125rem/1.55 var(--mono); font-variant-ligatures: none; }
.wire li { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); column-gap: 1rem; padding: .25rem 0; border-top: 1px dotted var(--line); }
.wire li:first-child { border: 0; }
.wire li.decoded { grid-template-columns: minmax(0, 1fr); }
.line-title { grid-column: 1 / -1; font: .75rem system-ui, sans-serif; color: var(--soft); }
.text, .hex { overflow-wrap: anywhere; min-width: 0; }
.text { white-space: pre-wrap; }
.part { display: inline; height: auto; padding: 0; border: 0; border-radius: 3px; background: none; font: inherit; text-align: left; white-space: pre-wrap;
  overflow-wrap: anywhere; color: var(--ink); }
.part:hover, .digits:hover { background: var(--tint); }
.part:focus-visible { outline-offset: 1px; }
.hex { color: var(--soft); }
.digits { border-radius: 3px; cursor: pointer; }
mark { padding: 1px 0; border-radius: 2px; background: var(--fail); color: var(--sheet); }
mark .control, mark .hidden-value { background: none; border-color: currentColor; color: inherit; }
tr.broken td { background: var(--fail-tint); }
tr.broken td:first-child { box-shadow: inset 3px 0 var(--fail); }
.chosen.part, .chosen.digits { background: var(--chosen); color: var(--ink); }
.method, .status-code, .chunk-size { color: var(--accent); font-weight: 600; }
.request-target { color: var(--target); }
.http-version, .chunk-ext { color: var(--version); }
.field-name { color: var(--name); }
.part.crlf, .part.space, .part.colon, .part.whitespace { color: var(--soft); }
.digits.method, .digits.chunk-size, .digits.status-code { font-weight: 400; }
.control { margin: 0 1px; padding: 0 2px; border-radius: 3px; background: var(--tint); color: var(--soft); font-size: .625rem; vertical-align: .0625rem; }
.hidden-value { padding: 0 .375rem; border: 1px dashed var(--dash); border-radius: 4px; color: var(--soft); font-size: .75rem; }
#explanation { position: sticky; bottom: 0; z-index: 4; margin-top: .5rem; padding: .75rem 1.25rem; border: 1px solid var(--accent); border-radius: 10px;
  background: var(--sheet); font-size: .875rem; }
#explanation p { margin: 0; text-wrap: pretty; }
#explanation p + p { margin-top: .375rem; color: var(--soft); }
#explanation a { color: var(--accent); white-space: nowrap; text-decoration-color: currentColor; }
@media (max-width: 48rem) {
  .wire li { grid-template-columns: minmax(0, 1fr); }
  .hex { font-size: .6875rem; }
  #detail { padding: .875rem; }
}
`;
