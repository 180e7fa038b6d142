/** Answers with the entries of a folder: as a page, or as JSON where the client prefers that. */
import { createHash } from 'node:crypto';
import { Response } from '../../fetch/response.ts';
import { acceptWeight } from '../../semantics/accept.ts';
import type { Root } from '../lookup/root.ts';
import type { UploadForm } from '../options.ts';
import type { Place } from '../resource/file-state.ts';
import { Gate, sortInTurns, Turns } from '../turns.ts';
import {
  type EntryDetails,
  type FolderEntry,
  type OpenFolder,
  readEntries,
  type VisibleNames,
  withDetails,
} from './folder-entries.ts';
import {
  comparison,
  type ListingOrder,
  type ListingQuery,
  listingQuery,
  parseListingQuery,
} from './listing-order.ts';
import { listingPage } from './listing-page.ts';
import { LISTING_SCRIPT } from './listing-script.ts';
import { LISTING_STYLE } from './listing-style.ts';
import { isoDate } from './listing-text.ts';
import { uploadForm } from './upload-form.ts';
import { UPLOAD_SCRIPT } from './upload-script.ts';
import { UPLOAD_STYLE } from './upload-style.ts';

/** A folder that was found below the root. */
export interface ListedFolder {
  readonly place: Place;
  /** The decoded names that lead to it from the root; none for the root itself. */
  readonly names: readonly string[];
  readonly root: Root;
}

export interface ListingOptions extends VisibleNames {
  /** What the page has for uploads; `undefined`: nothing. */
  readonly uploads: UploadForm | undefined;
}

/** How many entries an answer has. A page number that is too high gives the last page, and a program an empty list. */
const AS_PAGE = { most: 1000, stopsAtLast: true };
/** 1 MB, which can be kept for a slow client. */
const AS_JSON = { most: 10_000, stopsAtLast: false };

/** A folder of 100,000 entries takes 20 MB while it is read and sorted. */
const LISTINGS_AT_ONCE = 8;
const gate = new Gate(LISTINGS_AT_ONCE);

const READ_ONLY = assets(LISTING_STYLE, LISTING_SCRIPT, "form-action 'none'");
const WITH_UPLOADS = assets(
  LISTING_STYLE + UPLOAD_STYLE,
  LISTING_SCRIPT + UPLOAD_SCRIPT,
  "form-action 'self'",
  "connect-src 'self'",
);

/** The entries of one page, and how many there are in all. */
interface Excerpt {
  readonly entries: readonly (FolderEntry & { details: EntryDetails })[];
  readonly folders: number;
  readonly files: number;
  readonly order: ListingOrder;
  readonly page: number;
  readonly pages: number;
}

/**
 * The listing of a folder, sorted as the query says: `?sort=name|size|date&order=asc|desc`. A page has 1,000 entries and the
 * JSON 10,000. `?page=2` asks for more, and a `Link` field leads there (RFC 8288).
 *
 * HEAD gets the fields that are known without reading the folder (RFC 9110 §9.3.2): neither Content-Length nor Link.
 *
 * @param request a GET or HEAD for the folder. The path of its URL ends in a slash, since the page's links are relative.
 * @returns `undefined` if the folder is not the one that was found any more.
 * @throws the error of the file system if the folder can't be read.
 */
export async function listFolder(
  folder: ListedFolder,
  request: Request,
  options: ListingOptions,
): Promise<Response | undefined> {
  const asJson = prefersJson(request);
  if (request.method === 'HEAD') {
    return withHeld(folder, async () => new Response(null, { headers: fieldsOf(asJson, options) }));
  }
  const url = new URL(request.url);
  const query = parseListingQuery(url.searchParams);
  const excerpt = await gate.pass(async () => {
    // The client may have left while this waited.
    request.signal.throwIfAborted();
    const turns = new Turns(request.signal);
    return withHeld(folder, (open) => excerptOf(open, query, asJson ? AS_JSON : AS_PAGE, options, turns));
  });
  if (excerpt === undefined) return undefined;
  const content = asJson ? json(excerpt) : page(excerpt, folder, url.host, options);
  const { order, page: at, pages } = excerpt;
  const next = at < pages ? { Link: `<${listingQuery(order, at + 1)}>; rel="next"` } : {};
  return new Response(content, { headers: { ...fieldsOf(asJson, options), ...next } });
}

/** @returns `undefined` if the folder is not the one that was found any more. */
async function withHeld<T>(
  { place, root, names }: ListedFolder,
  use: (folder: OpenFolder) => Promise<T>,
): Promise<T | undefined> {
  const held = await root.hold(place);
  try {
    return held && (await use({ held, root, isTop: names.length === 0 }));
  } finally {
    await held?.close();
  }
}

/** RFC 9110 §12.5.1. Where a client takes both equally, or anything at all as most tools do, it gets the page. */
function prefersJson({ headers }: Request): boolean {
  const accept = headers.get('accept');
  return acceptWeight(accept, 'application/json') > acceptWeight(accept, 'text/html');
}

async function excerptOf(
  folder: OpenFolder,
  { order, page: asked }: ListingQuery,
  { most, stopsAtLast }: typeof AS_PAGE,
  visible: VisibleNames,
  turns: Turns,
): Promise<Excerpt> {
  const found = await readEntries(folder, visible, turns);
  // To sort by size or date, those of all entries have to be looked up first.
  const sortable = order.sort === 'name' ? found : await withDetails(folder, found, turns);
  const all = await sortInTurns<FolderEntry>(sortable, comparison(order), turns);
  const folders = all.reduce((sum, { isFolder }) => sum + (isFolder ? 1 : 0), 0);
  const pages = Math.max(1, Math.ceil(all.length / most));
  const page = stopsAtLast ? Math.min(asked, pages) : asked;
  const entries = await withDetails(folder, all.slice((page - 1) * most, page * most), turns);
  return { entries, folders, files: all.length - folders, order, page, pages };
}

/** `[{"name": …, "type": "file" | "folder", "size": bytes or null, "modified": ISO 8601 or null}, …]` */
function json(excerpt: Excerpt): string {
  const lines = excerpt.entries.map(({ name, isFolder, details }) =>
    JSON.stringify({
      name,
      type: isFolder ? 'folder' : 'file',
      size: isFolder ? null : details.size,
      modified: isoDate(details.modified) ?? null,
    }),
  );
  return `[${lines.join(',\n')}]\n`;
}

function page(excerpt: Excerpt, { names }: ListedFolder, host: string, { uploads }: ListingOptions): string {
  const { style, script } = uploads ? WITH_UPLOADS : READ_ONLY;
  const form = uploads && uploadForm(uploads);
  return listingPage({ ...excerpt, style, script, form, canDelete: uploads?.delete ?? false, host, names });
}

function fieldsOf(asJson: boolean, { uploads }: ListingOptions): Record<string, string> {
  return {
    'Content-Type': asJson ? 'application/json' : 'text/html; charset=utf-8',
    // Two representations, chosen by this field (RFC 9110 §12.5.5).
    Vary: 'Accept',
    'Cache-Control': 'no-cache',
    'X-Content-Type-Options': 'nosniff',
    ...(!asJson && {
      'Content-Security-Policy': (uploads ? WITH_UPLOADS : READ_ONLY).policy,
      // Not `no-referrer`: browsers would send the form with `Origin: null` then.
      'Referrer-Policy': 'same-origin',
    }),
  };
}

/** File names can be anything. All are escaped; if that ever failed, the policy would still let nothing run. */
function assets(style: string, script: string, ...more: string[]) {
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(script)}'`,
    'img-src data:',
    ...more,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { style, script, policy };
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
