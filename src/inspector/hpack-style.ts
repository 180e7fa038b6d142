/** The part of the stylesheet that is about header blocks of HTTP/2. */
export const HPACK_STYLE = `
.hpack { grid-column: 1 / -1; margin: .375rem 0 .25rem; border: 1px solid var(--line); border-radius: 6px; font: .8125rem/1.45 system-ui, sans-serif; }
.hpack summary { padding: .25rem .625rem; cursor: pointer; }
.hpack summary small { margin-left: .25rem; white-space: nowrap; }
.hpack[open] summary { border-bottom: 1px solid var(--line); }
.hpack th, .hpack td { padding: .25rem .625rem; border-top: 1px solid var(--line); vertical-align: top; white-space: normal; font-size: .8125rem; }
.hpack thead th { position: static; border: 0; font-size: .75rem; }
.hpack tbody th { width: auto; max-width: none; overflow: visible; color: var(--soft); }
.hpack tbody tr:hover { background: none; }
.hpack td { overflow-wrap: anywhere; }
.hpack td.number { white-space: nowrap; overflow-wrap: normal; }
.hpack-field, .hpack-table td { font-family: var(--mono); }
.hpack-table th { width: 2.75rem; }
.hpack-field { display: block; }
.hpack-form { color: var(--soft); font-size: .75rem; }
.hpack-form a { color: var(--accent); white-space: nowrap; text-decoration-color: currentColor; }
.hpack h4 { margin: 0; padding: .5rem .625rem .25rem; border-top: 1px solid var(--line); font-size: .8125rem; }
.hpack p { margin: 0; padding: 0 .625rem .5rem; }
`;
