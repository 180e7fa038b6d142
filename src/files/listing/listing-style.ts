import { PAGE_STYLE } from '../../html/page-style.ts';

/** The stylesheet of the page of a folder. The page's Content-Security-Policy allows exactly this text, by its hash. */
export const LISTING_STYLE = `${PAGE_STYLE}
.sheet { position: absolute; }
i { padding: 0 .25em; border-radius: 3px; background: var(--tint); color: var(--soft); font-style: normal; font-size: .8125em; }

header { display: grid; grid-template-columns: minmax(0, 1fr) auto; align-items: end; gap: 0 1.5rem; padding-top: 2.5rem; }
header > * { grid-column: 1; }
[hidden] { display: none !important; }
header #search { grid-column: 2; grid-row: 2 / span 2; position: relative; }
#search label, .delete span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
#search .icon { position: absolute; left: .625rem; top: .5rem; }
#search input { width: 16rem; padding: .4375rem .75rem .4375rem 2.25rem; border: 1px solid var(--dash); border-radius: 8px; background: var(--sheet);
  color: var(--ink); font: inherit; font-size: .9375rem; }
#search input::placeholder { color: var(--soft); opacity: 1; }
#found { margin: .75rem 0 0; color: var(--soft); font-size: .875rem; text-align: center; }
nav ol, nav ul { display: flex; flex-wrap: wrap; margin: 0; padding: 0; list-style: none; }
nav[aria-label='Folders above'] { margin-left: -.375rem; font-size: .875rem; color: var(--soft); }
nav[aria-label='Folders above'] li { display: flex; min-width: 0; }
nav[aria-label='Folders above'] li::after { content: '/'; padding: .25rem 0; color: var(--soft); }
nav[aria-label='Folders above'] a { padding: .25rem .375rem; overflow-wrap: anywhere; color: var(--accent); }
h1 { margin: .25rem 0 0; font-size: clamp(1.5rem, 4vw, 2rem); font-weight: 650; line-height: 1.25; letter-spacing: -.02em;
  overflow-wrap: anywhere; white-space: pre-wrap; }
header p { margin: .25rem 0 1.5rem; color: var(--soft); font-size: .9375rem; }

table { width: 100%; border-collapse: separate; border-spacing: 0; background: var(--sheet); border: 1px solid var(--line);
  border-radius: 12px; overflow: clip; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { padding: 0; text-align: left; font-weight: 400; }
thead th { position: sticky; top: 0; z-index: 1; background: var(--sheet); border-bottom: 1px solid var(--line);
  font-size: .8125rem; white-space: nowrap; }
thead a { display: block; padding: .625rem 1rem; color: var(--soft); }
thead a:hover, [aria-sort] a { color: var(--ink); }
[aria-sort] a { font-weight: 600; }
thead small { font-size: .75rem; font-weight: 400; color: var(--soft); }
tbody th { width: 100%; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
tbody tr:hover > * { background: var(--tint); }
tbody th a { display: flex; align-items: flex-start; gap: .75rem; padding: .625rem 1rem; }
tbody th span { min-width: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
tbody a:visited { color: var(--soft); }
td { padding: .625rem 1rem; color: var(--soft); font-size: .875rem; line-height: 1.5rem; vertical-align: top; white-space: nowrap;
  font-variant-numeric: tabular-nums; }
td:nth-child(2), th.size { text-align: right; }
.empty { padding: 2rem 1rem; text-align: center; }
.icon { flex: none; width: 1.25rem; height: 1.25rem; margin-top: .125rem; fill: none; stroke: var(--soft); stroke-width: 1.25;
  stroke-linejoin: round; stroke-linecap: round; }
.icon.folder { stroke: var(--folder); fill: color-mix(in srgb, var(--folder) 18%, transparent); }
nav[aria-label='Pages'] { margin-top: 1rem; font-size: .875rem; }
nav[aria-label='Pages'] ul { justify-content: center; }
nav[aria-label='Pages'] li > * { display: block; padding: .5rem .75rem; color: var(--soft); }
nav[aria-label='Pages'] a { color: var(--accent); }
footer p { margin: 1.5rem 0 0; color: var(--soft); font-size: .8125rem; text-align: center; }

@media (max-width: 40rem) {
  body { padding: 0 1rem 2rem; }
  header { grid-template-columns: minmax(0, 1fr); padding-top: 1.5rem; }
  header #search { grid-column: 1; grid-row: auto; margin-top: -.5rem; }
  #search input { width: 100%; font-size: 1rem; }
  table, thead, tbody { display: block; }
  thead { position: sticky; top: 0; z-index: 1; }
  thead tr { display: flex; background: var(--sheet); border-bottom: 1px solid var(--line); }
  thead th { position: static; border: 0; }
  thead th:first-child { margin-right: auto; }
  tbody tr { display: flex; flex-wrap: wrap; padding-bottom: .5rem; }
  tbody tr + tr { border-top: 1px solid var(--line); }
  tbody tr + tr > * { border: 0; }
  tbody tr:hover { background: var(--tint); }
  tbody th a { padding-bottom: 0; }
  td { padding: 0 0 0 .75rem; font-size: .8125rem; }
  th + td { padding-left: 3rem; }
  th + td:empty { padding-left: 2.25rem; }
  .empty { width: 100%; padding: 1.5rem 1rem 1rem; }
}
@media print { thead th { position: static; } footer, #search { display: none; } }
`;
