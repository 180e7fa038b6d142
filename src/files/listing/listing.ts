/** Answers with what is in a folder: as a page, or as JSON to those who prefer that. */
import { createHash } from 'node:crypto';
import { Response } from '../../fetch/response.ts';
import type { Markup } from '../../html/html.ts';
import { acceptWeight } from '../../semantics/accept.ts';
import { Gate, sortInTurns, Turns } from '../turns.ts';
import {
  type EntryDetails,
  type FolderEntry,
  type ListedFolder,
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

export type { ListedFolder } from './folder-entries.ts';

export interface ListingOptions extends VisibleNames {
  /** Whether the page has a form for uploads. */
  readonly uploads: boolean;
}

/** How much is answered at once. Whoever edits the URL of a page gets the last one; a program counts until it gets none. */
const AS_PAGE = { most: 1000, stopsAtLast: true };
/** No folder is so large that its listing could not be kept for a slow client. */
const AS_JSON = { most: 10_000, stopsAtLast: false };

/** A folder of 100,000 entries takes 20 MB while it is read and sorted. */
const LISTINGS_AT_ONCE = 8;
const gate = new Gate(LISTINGS_AT_ONCE);

const READ_ONLY = assets(LISTING_STYLE, LISTING_SCRIPT, undefined);
const WITH_UPLOADS = assets(LISTING_STYLE + UPLOAD_STYLE, LISTING_SCRIPT + UPLOAD_SCRIPT, uploadForm());

/** What is shown of a folder, and of how much. */
interface Excerpt {
  readonly entries: readonly (FolderEntry & { details: EntryDetails })[];
  readonly folders: number;
  readonly files: number;
  readonly order: ListingOrder;
  readonly page: number;
  readonly pages: number;
}

/**
 * The listing of a folder, sorted as the query says: `?sort=name|size|date&order=asc|desc`. A page has 1,000 entries
 * and the JSON 10,000; `?page=2` asks for more, and a `Link` field leads there (RFC 8288).
 *
 * @param request a GET or HEAD for the folder; its URL's path ends in a slash, since the page's links are relative.
 * @throws what the file system says when the folder can't be read.
 */
export async function listFolder(
  folder: ListedFolder,
  request: Request,
  options: ListingOptions,
): Promise<Response> {
  const url = new URL(request.url);
  const query = parseListingQuery(url.searchParams);
  const place = { ...folder, names: folder.names.filter((name) => name !== '') };
  const asJson = prefersJson(request);
  const excerpt = await gate.pass(async () => {
    // The client may have gone while this stood in line.
    request.signal.throwIfAborted();
    const turns = new Turns(request.signal);
    return excerptOf(place, query, asJson ? AS_JSON : AS_PAGE, options, turns);
  });
  return asJson ? answerWithJson(excerpt) : answerWithPage(excerpt, place, url.host, options);
}

/** RFC 9110 §12.5.1. Between equals, and to those who take anything as most tools do, the page is sent. */
function prefersJson({ headers }: Request): boolean {
  const accept = headers.get('accept');
  return acceptWeight(accept, 'application/json') > acceptWeight(accept, 'text/html');
}

async function excerptOf(
  folder: ListedFolder,
  { order, page: asked }: ListingQuery,
  { most, stopsAtLast }: typeof AS_PAGE,
  visible: VisibleNames,
  turns: Turns,
): Promise<Excerpt> {
  const found = await readEntries(folder, visible, turns);
  // Names are known; sizes and dates of all have to be looked up before the first can be shown.
  const sortable = order.sort === 'name' ? found : await withDetails(folder, found, turns);
  const all = await sortInTurns<FolderEntry>(sortable, comparison(order), turns);
  const folders = all.reduce((sum, { isFolder }) => sum + (isFolder ? 1 : 0), 0);
  const pages = Math.max(1, Math.ceil(all.length / most));
  const page = stopsAtLast ? Math.min(asked, pages) : asked;
  const entries = await withDetails(folder, all.slice((page - 1) * most, page * most), turns);
  return { entries, folders, files: all.length - folders, order, page, pages };
}

/** `[{"name": …, "type": "file" | "folder", "size": octets or null, "modified": ISO 8601 or null}, …]` */
function answerWithJson(excerpt: Excerpt): Response {
  const lines = excerpt.entries.map(({ name, isFolder, details }) =>
    JSON.stringify({
      name,
      type: isFolder ? 'folder' : 'file',
      size: isFolder ? null : details.size,
      modified: isoDate(details.modified) ?? null,
    }),
  );
  return answer('application/json', `[${lines.join(',\n')}]\n`, excerpt);
}

function answerWithPage(
  excerpt: Excerpt,
  { names }: ListedFolder,
  host: string,
  options: ListingOptions,
): Response {
  const { policy, ...assets } = options.uploads ? WITH_UPLOADS : READ_ONLY;
  const page = listingPage({ ...excerpt, ...assets, host, names });
  return answer('text/html; charset=utf-8', page, excerpt, {
    'Content-Security-Policy': policy,
    // Not `no-referrer`: the form would be sent with `Origin: null` then, as if it came from nowhere.
    'Referrer-Policy': 'same-origin',
  });
}

function answer(
  type: string,
  content: string,
  { order, page, pages }: Excerpt,
  fields: Record<string, string> = {},
): Response {
  const next = page < pages ? { Link: `<${listingQuery(order, page + 1)}>; rel="next"` } : {};
  return new Response(content, {
    headers: {
      'Content-Type': type,
      // Two representations, chosen by this field (RFC 9110 §12.5.5).
      Vary: 'Accept',
      'Cache-Control': 'no-cache',
      'X-Content-Type-Options': 'nosniff',
      ...next,
      ...fields,
    },
  });
}

/** Names of files are whatever somebody called them. All are escaped, and if that ever failed, nothing could run. */
function assets(style: string, script: string, form: Markup | undefined) {
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(script)}'`,
    'img-src data:',
    ...(form === undefined ? ["form-action 'none'"] : ["form-action 'self'", "connect-src 'self'"]),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return { style, script, form, policy };
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
