/** The page of a folder. It needs no script, and it can be read without its stylesheet. */
import { html, Markup } from '../../html/html.ts';
import { pageHead } from '../../html/page-head.ts';
import type { EntryDetails, FolderEntry } from './folder-entries.ts';
import { ICON_SHEET, icon, iconOf } from './listing-icons.ts';
import { type ListingOrder, listingQuery, orderByColumn, type SortKey } from './listing-order.ts';
import { count, countOf, humanSize, isoDate, visibleName } from './listing-text.ts';
import { deleteButton } from './upload-form.ts';

export interface ListingPage {
  /** Host and port, as the name of the root. */
  readonly host: string;
  /** The names that lead to the folder from the root. */
  readonly names: readonly string[];
  /** The entries of this page. */
  readonly entries: readonly (FolderEntry & { details: EntryDetails })[];
  /** How many folders and files there are on all pages. */
  readonly folders: number;
  readonly files: number;
  readonly order: ListingOrder;
  readonly page: number;
  readonly pages: number;
  readonly style: string;
  readonly script: string;
  /** The form between the heading and the table. */
  readonly form: Markup | undefined;
  /** Whether the rows have a button that deletes. */
  readonly canDelete: boolean;
}

const COLUMNS: Record<SortKey, string> = { name: 'Name', size: 'Size', date: 'Modified' };

export function listingPage(page: ListingPage): string {
  const title = page.names.at(-1) ?? page.host;
  return html`${pageHead(title, page.style)}
<body>
${ICON_SHEET}
<header>
${breadcrumbs(page)}
<h1>${visibleName(title)}</h1>
<p id="summary">${summary(page)}</p>
<p id="search" role="search" hidden><label for="words">Filter by name</label>${icon('search')}<input id="words" type="search" placeholder="Filter by name" autocomplete="off" spellcheck="false"></p>
</header>
<main>
${page.form ?? []}
<div id="listing">
${table(page)}
${pageLinks(page)}
</div>
<p id="found" role="status"></p>
</main>
<footer><p>Served by Serval. Also as JSON, with <code>Accept: application/json</code>.</p></footer>
<script>${new Markup(page.script)}</script>
</body>
</html>
`.text;
}

/** Links are relative, since a proxy may serve the folder below another path. */
function breadcrumbs({ host, names }: ListingPage): Markup {
  if (names.length === 0) return html``;
  const crumbs = [host, ...names.slice(0, -1)].map((name, depth) => {
    return html`<li><a href="${'../'.repeat(names.length - depth)}">${visibleName(name)}</a></li>`;
  });
  return html`<nav aria-label="Folders above"><ol>${crumbs}</ol></nav>`;
}

function summary({ folders, files, entries, page, pages }: ListingPage): string {
  const parts: string[] = [];
  if (folders > 0) parts.push(countOf(folders, 'folder', 'folders'));
  if (files > 0 || folders === 0) parts.push(countOf(files, 'file', 'files'));
  if (pages > 1) parts.push(`page ${count(page)} of ${count(pages)}`);
  else if (files > 0) {
    parts.push(
      humanSize(entries.reduce((sum, { isFolder, details }) => sum + (isFolder ? 0 : details.size), 0)),
    );
  }
  return parts.join(' · ');
}

function table(page: ListingPage): Markup {
  const { order, entries, names, canDelete } = page;
  const heads = (Object.keys(COLUMNS) as SortKey[]).map((key) => columnHead(key, order));
  const direction = order.descending ? 'descending' : 'ascending';
  // Some browsers lose the semantics of a table whose rows have another layout, as on phones. The roles restore them.
  return html`<table role="table">
<caption>Contents, folders first, sorted by ${COLUMNS[order.sort].toLowerCase()}, ${direction}</caption>
<thead role="rowgroup"><tr role="row">${heads}${canDelete ? ACTIONS : []}</tr></thead>
<tbody role="rowgroup">
${names.length > 0 ? up(canDelete) : []}${entries.map((entry) => row(entry, canDelete))}${entries.length === 0 ? empty(canDelete) : []}</tbody>
</table>`;
}

const ACTIONS = html`<th scope="col" role="columnheader" class="delete"><span>Delete</span></th>`;

const up = (canDelete: boolean): Markup =>
  html`<tr role="row"><th scope="row" role="rowheader"><a href="../">${icon('up')}<span>Parent folder</span></a></th><td role="cell"></td><td role="cell"></td>${
    canDelete ? html`<td role="cell"></td>` : html``
  }</tr>
`;

const empty = (canDelete: boolean): Markup =>
  html`<tr role="row"><td colspan="${canDelete ? 4 : 3}" role="cell" class="empty">This folder is empty.</td></tr>
`;

function columnHead(key: SortKey, order: ListingOrder): Markup {
  const isSorted = order.sort === key;
  const direction = order.descending ? 'descending' : 'ascending';
  const arrow = order.descending ? '↓' : '↑';
  const zone = key === 'date' ? html` <small id="zone">UTC</small>` : html``;
  return html`<th scope="col" role="columnheader" class="${key}"${isSorted ? html` aria-sort="${direction}"` : html``}><a
href="${listingQuery(orderByColumn(order, key))}">${COLUMNS[key]}${zone}${
    isSorted ? html` <span aria-hidden="true">${arrow}</span>` : html``
  }</a></th>`;
}

function row(
  { name, isFolder, details }: FolderEntry & { details: EntryDetails },
  canDelete: boolean,
): Markup {
  // `./` keeps `a:b` from being a scheme. The encoding keeps every other character a part of the name.
  const href = `./${encodeURIComponent(name)}${isFolder ? '/' : ''}`;
  const size = isFolder
    ? html``
    : html`<data value="${details.size}" title="${countOf(details.size, 'byte', 'bytes')}">${humanSize(details.size)}</data>`;
  const button = canDelete
    ? html`<td role="cell" class="delete">${deleteButton(isFolder ? `${name}/` : name)}</td>`
    : html``;
  return html`<tr role="row" class="entry"><th scope="row" role="rowheader"><a href="${href}">${icon(isFolder ? 'folder' : iconOf(name))}<span>${visibleName(name)}${
    isFolder ? '/' : ''
  }</span></a></th><td role="cell">${size}</td><td role="cell">${time(details.modified)}</td>${button}</tr>
`;
}

/** `2026-11-23 14:05`. */
function time(modified: number): Markup {
  const iso = isoDate(modified);
  if (iso === undefined) return html``;
  const at = iso.indexOf('T');
  return html`<time datetime="${iso}" title="${iso.slice(0, at)} ${iso.slice(at + 1, at + 9)} UTC">${iso.slice(0, at)} <span>${iso.slice(at + 1, at + 6)}</span></time>`;
}

function pageLinks({ order, page, pages }: ListingPage): Markup {
  if (pages === 1) return html``;
  const link = (to: number, text: string): Markup =>
    to < 1 || to > pages || to === page
      ? html`<li><span>${text}</span></li>`
      : html`<li><a href="${listingQuery(order, to)}">${text}</a></li>`;
  return html`<nav aria-label="Pages"><ul>${[
    link(page === 1 ? 0 : 1, 'First'),
    link(page - 1, 'Previous'),
    html`<li><span aria-current="page">${count(page)} of ${count(pages)}</span></li>`,
    link(page + 1, 'Next'),
    link(page === pages ? 0 : pages, 'Last'),
  ]}</ul></nav>`;
}
