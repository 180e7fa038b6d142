/**
 * The part of the stylesheet that is about the tabs, and about the second one. The transcript is a sequence: the client on the left, the
 * server on the right, and the time between them.
 */
export const TRY_IT_STYLE = `
.tabs { display: flex; gap: .25rem; margin-bottom: .25rem; border-bottom: 1px solid var(--line); }
.tabs [role=tab] { height: 2.5rem; padding: 0 .875rem; border: 0; border-bottom: 2px solid transparent; border-radius: 0; margin-bottom: -1px;
  background: none; color: var(--soft); }
.tabs [role=tab]:hover { color: var(--ink); }
.tabs [role=tab][aria-selected=true] { border-color: var(--accent); color: var(--ink); font-weight: 600; }
.visually-hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

#try-view { display: grid; grid-template-columns: 20.5rem minmax(0, 1fr); gap: 0 2rem; align-items: start; padding-top: 1rem; }
.try-choice { position: sticky; top: 0; max-height: 100vh; overflow-y: auto; padding: 0 2px 1rem; }
.try-lead { margin: 0 0 .875rem; color: var(--soft); font-size: .875rem; text-wrap: pretty; }
#try-aim { display: grid; gap: .5rem; }
#try-aim label { display: grid; gap: .125rem; font-size: .75rem; color: var(--soft); }
#try-path { font-family: var(--mono); font-size: .8125rem; }
.try-note { margin: .5rem 0 0; font-size: .8125rem; color: var(--soft); }
.try-group { margin-top: .875rem; }
.try-group h2 { margin-bottom: .25rem; font-size: .75rem; font-weight: 600; color: var(--soft); }
.card { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 .75rem; align-items: baseline; width: 100%; height: auto; margin-top: -1px;
  padding: .3125rem .75rem .375rem; border: 1px solid var(--line); border-radius: 0; text-align: left; line-height: 1.35; position: relative; }
.try-group h2 + .card { border-radius: 8px 8px 0 0; }
.card:last-child { border-radius: 0 0 8px 8px; }
.card:hover:not(:disabled), .card:focus-visible { z-index: 1; }
.card[aria-pressed=true] { background: var(--chosen); border-color: var(--accent); z-index: 1; }
.card-title { grid-column: 1 / -1; font-weight: 600; font-size: .875rem; }
.card-result { grid-column: 2; font-size: .75rem; color: var(--soft); font-variant-numeric: tabular-nums; white-space: nowrap; }
.card[data-state=done] .card-result::before { content: '✓ '; color: var(--good); }
.card[data-state=unreachable] .card-result, .card[data-state=refused] .card-result { color: var(--fail); }
.card-summary { font-size: .8125rem; color: var(--soft); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.card[aria-pressed=true] .card-summary, .card[aria-pressed=true] .card-result { color: var(--ink); }

#outcome { min-width: 0; max-width: 70rem; scroll-margin-top: .5rem; }
#outcome-empty { padding: 4rem 1.5rem; border: 1px dashed var(--dash); border-radius: 10px; text-align: center; color: var(--soft); }
#outcome-empty h2 { color: var(--ink); }
#outcome-empty p { max-width: 34rem; margin: .5rem auto 0; text-wrap: balance; }
.outcome-head { display: flex; flex-wrap: wrap; align-items: center; gap: .375rem .75rem; }
.outcome-head h2 { font-size: 1.25rem; letter-spacing: -.01em; }
.outcome-state { padding: 0 .5rem; border-radius: 4px; background: var(--tint); font-size: .8125rem; color: var(--soft); }
.outcome-state[data-state=done] { color: var(--good); }
.outcome-state[data-state=unreachable], .outcome-state[data-state=refused] { color: var(--bad); }
.outcome-tools { display: flex; flex-wrap: wrap; gap: .5rem; margin-left: auto; }
.outcome-tools [aria-pressed=true] { background: var(--chosen); border-color: var(--accent); }
.outcome-facts { margin: .125rem 0 0; font-size: .8125rem; color: var(--soft); font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.sentences { display: grid; gap: .375rem; margin: .875rem 0 0; padding: .875rem 1.125rem; border-left: 3px solid var(--accent); border-radius: 0 8px 8px 0;
  background: var(--tint); }
.sentences li { max-width: 60rem; text-wrap: pretty; }
.sentences a { color: var(--accent); font-size: .8125rem; white-space: nowrap; text-decoration-color: currentColor; }

.ends, .transcript li { display: grid; grid-template-columns: minmax(0, 1fr) 6.5rem minmax(0, 1fr); }
.ends { margin-top: 1.25rem; padding-bottom: .375rem; font-size: .75rem; color: var(--soft); text-align: center; }
.ends :first-child { text-align: left; }
.ends :last-child { text-align: right; }
.transcript { position: relative; display: grid; gap: .625rem; padding-bottom: .5rem; }
.transcript::before { content: ''; position: absolute; left: 50%; top: 0; bottom: 0; border-left: 1px solid var(--line); }
.transcript li { position: relative; }
.at span { display: block; }
.transcript .at { grid-column: 2; grid-row: 1; align-self: start; margin-top: 1.125rem; justify-self: center; padding: 0 .25rem; background: var(--page);
  font-size: .75rem; line-height: 1.25rem; text-align: center; color: var(--soft); font-variant-numeric: tabular-nums; }
.said { grid-row: 1; min-width: 0; padding: .375rem .75rem .5rem; border: 1px solid var(--line); border-radius: 8px; background: var(--sheet); position: relative; }
.client .said { grid-column: 1; border-left: 3px solid var(--head); }
.server .said { grid-column: 3; border-right: 3px solid var(--content-out); }
.said::after { content: ''; position: absolute; top: .9375rem; width: 5.5rem; border-top: 1px solid var(--head); }
.client .said::after { left: calc(100% + 2px); }
.server .said::after { right: calc(100% + 2px); border-color: var(--content-out); }
.said::before { content: ''; position: absolute; top: .625rem; border: 5px solid transparent; }
.client .said::before { left: calc(100% + 5.5rem); border-left: 8px solid var(--head); border-right: 0; }
.server .said::before { right: calc(100% + 5.5rem); border-right: 8px solid var(--content-out); border-left: 0; }
.about { display: flex; flex-wrap: wrap; gap: 0 .5rem; margin-bottom: .25rem; font-size: .75rem; color: var(--soft); font-variant-numeric: tabular-nums; }
.who { color: var(--ink); font-weight: 600; }
.octet-line { font: .8125rem/1.5 var(--mono); font-variant-ligatures: none; }
.octet-line .text { padding-left: 1rem; text-indent: -1rem; overflow-wrap: anywhere; white-space: pre-wrap; }
.octet-line .text > * { text-indent: 0; }
.octet-line .part { cursor: help; }
.octet-line .meant { margin-right: .5rem; }
.octet-line .meant.field-value { display: block; margin: 0 0 .125rem 1rem; }
.octet-line .meant.http-version, .octet-line .meant.chunk-size { color: var(--soft); font-weight: 400; }
.octet-line .hex { display: none; padding: 0 0 .25rem 1rem; font-size: .6875rem; overflow-wrap: anywhere; color: var(--soft); }
.shows-hex .octet-line .hex { display: block; }
.transcript .event { display: flex; flex-wrap: wrap; justify-content: center; align-items: center; gap: .125rem .5rem; }
.pill { padding: .125rem .75rem; border: 1px solid var(--line); border-radius: 99px; background: var(--page); font-size: .8125rem; color: var(--soft); text-align: center; }
.event .at { margin: 0; }
.tag { padding: 0 .375rem; border-radius: 4px; background: var(--tint); color: var(--ink); font-weight: 600; box-shadow: inset 3px 0 var(--tag); padding-left: .5625rem; }
.tag-1 { --tag: var(--head); } .tag-2 { --tag: var(--handler); } .tag-3 { --tag: var(--content-in); } .tag-4 { --tag: var(--content-out); }

@media (max-width: 60rem) {
  #try-view { grid-template-columns: minmax(0, 1fr); gap: 1.5rem; }
  .try-choice { position: static; max-height: none; }
  #try-cards { display: grid; gap: 1.125rem; margin-top: 1.125rem; }
  .try-group { margin: 0; display: grid; grid-template-columns: 1fr 1fr; gap: .375rem; align-items: stretch; }
  .try-group h2 { grid-column: 1 / -1; margin: 0; }
  .try-group .card, .try-group h2 + .card { margin: 0; border-radius: 8px; align-content: center; min-height: 2.75rem; grid-template-columns: minmax(0, 1fr); }
  .card-result { grid-column: 1; }
  .card-summary { display: none; }
}
@media (max-width: 48rem) {
  .outcome-tools { margin-left: 0; }
  .ends { display: none; }
  .transcript { margin-top: 1.125rem; }
  .transcript::before { left: 0; display: none; }
  .transcript li { grid-template-columns: minmax(0, 1fr); gap: .125rem; }
  .transcript .at { grid-column: 1; grid-row: auto; justify-self: start; margin: 0; padding: 0; }
  .server .at { justify-self: end; }
  .client .said { grid-column: 1; grid-row: auto; margin-right: 1.5rem; }
  .server .said { grid-column: 1; grid-row: auto; margin-left: 1.5rem; }
  .said::before, .said::after { display: none; }
  .outcome-head h2 { width: 100%; }
}
`;
