/** The styles of the upload form, in addition to those of a listing. */
export const UPLOAD_STYLE = `
#upload { margin: 0 0 1.5rem; }
#upload h2, #result, .live input { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
#send { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; padding: .875rem 1rem;
  border: 1px dashed var(--dash); border-radius: 12px; background: var(--sheet); }
#send input { flex: 1 1 14rem; min-width: 0; font: inherit; font-size: .875rem; color: var(--soft); }
#send:not(.live) label { display: none; }
#upload button, #upload ::file-selector-button, .live label { padding: .4375rem .875rem; border: 1px solid var(--line); border-radius: 8px; background: var(--page);
  color: var(--ink); font: inherit; font-size: .875rem; font-weight: 600; cursor: pointer; }
details { margin-top: .5rem; }
summary { width: max-content; padding: .25rem .375rem; margin-left: -.375rem; color: var(--accent); font-size: .875rem; cursor: pointer; }
details form { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem .75rem; padding: .5rem 0 .25rem; font-size: .875rem; }
details input { flex: 0 1 18rem; min-width: 0; padding: .4375rem .75rem; border: 1px solid var(--dash); border-radius: 8px; background: var(--sheet);
  color: var(--ink); font: inherit; }
#upload ::file-selector-button { margin-right: .75rem; }
#send button, .live label { border-color: var(--accent); background: var(--accent); color: var(--accent-ink); }
.live input:focus-visible + label { outline: 2px solid var(--accent); outline-offset: 2px; }
.live button { display: none; }
#drop { margin: 0; color: var(--soft); font-size: .875rem; }
.over #send { border: 2px dashed var(--accent); padding: calc(.875rem - 1px) calc(1rem - 1px); background: var(--tint); }
#transfers { margin: 0; padding: 0; list-style: none; }
#transfers li { display: grid; grid-template-columns: minmax(0, 1fr) auto; align-items: center; gap: 0 1rem; margin-top: .5rem;
  padding: .75rem 1rem; background: var(--sheet); border: 1px solid var(--line); border-radius: 12px; }
#transfers b { font-weight: 500; overflow-wrap: anywhere; white-space: pre-wrap; }
#transfers p { grid-column: 1; margin: 0; font-size: .8125rem; color: var(--soft); font-variant-numeric: tabular-nums; }
#transfers .bad { color: var(--bad); }
#transfers .good { color: var(--good); }
#transfers button { font-weight: 400; }
#transfers li > button { grid-column: 2; grid-row: 1 / span 3; }
#transfers div { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .5rem; }
.delete { width: 3.25rem; }
td.delete { padding: .3125rem .75rem .3125rem 0; }
.delete button { display: block; padding: .375rem; border: 0; border-radius: 8px; background: none; cursor: pointer; }
.delete .icon { display: block; margin: 0; }
.delete button:is(:hover, :focus-visible) .icon { stroke: var(--bad); }
dialog { width: min(28rem, calc(100% - 2rem)); padding: 1.25rem 1.5rem; border: 1px solid var(--line); border-radius: 12px; background: var(--sheet); color: var(--ink); }
dialog::backdrop { background: rgb(0 0 0 / .45); }
#upload dialog h2 { position: static; width: auto; height: auto; margin: 0; clip-path: none; font-size: 1.125rem; font-weight: 650; overflow-wrap: anywhere; white-space: pre-wrap; }
dialog p { margin: .5rem 0 1.25rem; color: var(--soft); }
dialog form { display: flex; justify-content: flex-end; gap: .75rem; }
#upload .danger { border-color: var(--bad); background: var(--bad); color: var(--sheet); }
progress { grid-column: 1; width: 100%; height: .375rem; margin: .375rem 0; appearance: none; border: 0; border-radius: 99px; overflow: hidden;
  background: var(--line); accent-color: var(--accent); }
progress::-webkit-progress-bar { background: var(--line); border-radius: 99px; }
progress::-webkit-progress-value { background: var(--accent); border-radius: 99px; }
progress::-moz-progress-bar { background: var(--accent); border-radius: 99px; }
@media (max-width: 40rem) {
  #drop { flex-basis: 100%; }
  thead .delete { display: none; }
  tbody tr:has(button) { position: relative; padding-right: 3rem; }
  td.delete { position: absolute; right: .5rem; width: auto; top: 50%; padding: 0; translate: 0 -50%; }
}
@media (hover: none) { #drop { display: none; } }
@media print { #upload { display: none; } }
`;
