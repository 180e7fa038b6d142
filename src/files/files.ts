/**
 * Serves a folder as a web site (RFC 9110): its files, with conditional requests, ranges and codings, and nothing outside it.
 *
 * The way of a request: `lookup.ts` finds the file, `resource.ts` chooses its representation, `file-store.ts` opens the
 * content, and `answer.ts` makes the response.
 */
import { resolve } from 'node:path';
import { errorAnswer } from '../error-pages/error-answer.ts';
import type { ErrorDetail } from '../error-pages/error-page.ts';
import { Response } from '../fetch/response.ts';
import { refusal } from '../options/checks.ts';
import type { FetchFunction, ServerContext } from '../server/api.ts';
import { answerWith, answerWithPage, notModifiedAnswer } from './answer.ts';
import { folderAdvice, isFromThisMachine } from './folder-advice.ts';
import { listFolder } from './listing/listing.ts';
import { FileCache } from './lookup/file-cache.ts';
import { FileStore, type Opened } from './lookup/file-store.ts';
import { type Found, type FoundFolder, Lookup } from './lookup/lookup.ts';
import { isNavigation, NAVIGATION_FIELDS, wantsHtml } from './lookup/navigation.ts';
import { pathOf, queryOf } from './lookup/request-path.ts';
import { Root } from './lookup/root.ts';
import { mountedPath } from './mounted-path.ts';
import { checkRoot, type FilesOptions, type FilesSettings, settingsFor } from './options.ts';
import { redirectAnswer } from './plain-answer.ts';
import { BUSY } from './resource/coding-queue.ts';
import { FileResource } from './resource/resource.ts';
import { withServedPath } from './served-path.ts';

/**
 * It needs nothing but the request, so any framework can call it. A server passes its context too: with it, requests from this
 * machine are told what to do about a folder without an index, and the path of a mounted folder gets its slash.
 */
export type FilesHandler = (
  request: Request,
  ctx?: unknown,
  ...ignored: unknown[]
) => Response | Promise<Response>;

const BUSY_FIELDS = { 'Retry-After': '1', Vary: 'Accept-Encoding' };
const ALLOWED = 'GET, HEAD, OPTIONS';

/**
 * A handler that answers with the files below `root`. It does not look at the folder before the first request. While the folder
 * does not exist, every answer is 404.
 *
 * With `next`, that handler gets the requests for which there is no file, and those with other methods than GET and HEAD. A page of
 * `options.spa` comes before it.
 *
 * ```ts
 * serve(files('dist', (request) => api(request)), { port: 4221 });
 * serve(new Hono().mount('/static', files('dist')), { port: 4222 });
 * ```
 *
 * @throws {TypeError} for an option of the wrong type, or an unknown one.
 * @throws {RangeError} for a value that is out of range.
 */
export function files(root: string, options?: FilesOptions): FilesHandler;
export function files(root: string, next: FetchFunction, options?: FilesOptions): FetchFunction;
export function files(
  root: string,
  first?: FilesOptions | FetchFunction,
  second?: FilesOptions,
): FilesHandler {
  checkRoot(root);
  const [next, options = {}] = typeof first === 'function' ? [first, second] : [undefined, first];
  if (next === undefined && second !== undefined) throw new TypeError(refusal('next', 'a function', first));
  const server = new FileServer(resolve(root), settingsFor(options), next);
  return (request, ctx, again) => server.answer(request, ctx, again);
}

/** There is no file: `next` answers. */
const NEXT = Symbol('next');
type Outcome = Response | typeof NEXT;

/** How often a file may be replaced between its look-up and its opening before the answer is 503. */
const MAX_ATTEMPTS = 5;

class FileServer {
  readonly #root: Root;
  readonly #settings: FilesSettings;
  readonly #cache: FileCache;
  readonly #lookup: Lookup;
  readonly #store: FileStore;
  readonly #next: FetchFunction | undefined;

  constructor(root: string, settings: FilesSettings, next: FetchFunction | undefined) {
    this.#next = next;
    this.#root = new Root(root, settings.symlinks, settings.isReserved);
    this.#settings = settings;
    this.#cache = new FileCache(settings.memory);
    this.#lookup = new Lookup(this.#root, settings, this.#cache);
    this.#store = new FileStore(this.#root, this.#cache);
  }

  answer(request: Request, ctx: unknown, again: unknown): Response | Promise<Response> {
    const { method, url } = request;
    const isRead = method === 'GET' || method === 'HEAD';
    const mounted = mountedPath(this.#settings.prefix, pathOf(url), ctx);
    if (this.#next !== undefined && (!isRead || mounted === undefined))
      return this.#next(request, ctx as ServerContext, again as ServerContext);
    if (mounted === undefined) return errorAnswer(request, 404);
    if (!isRead) return withoutRepresentation(request);
    if ('redirect' in mounted) return redirectAnswer(method, mounted.redirect, queryOf(url));
    const resource = this.#cache.fresh(mounted.path);
    const fromMemory = resource && answerFromMemory(resource, request);
    return fromMemory ?? this.#answerFromDisk(mounted.path, request, ctx, again);
  }

  async #answerFromDisk(path: string, request: Request, ctx: unknown, again: unknown): Promise<Response> {
    const answer = await this.#filesAnswer(path, request, ctx);
    if (answer !== NEXT) return answer;
    // Outside of the `try` above: its errors are not those of files.
    return this.#next!(request, ctx as ServerContext, again as ServerContext);
  }

  async #filesAnswer(path: string, request: Request, ctx: unknown): Promise<Outcome> {
    try {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const found = await this.#lookup.find(path);
        const answer =
          found instanceof FileResource
            ? await this.#answerWithFile(found, request)
            : await this.#answerWithoutFile(found, path, request, ctx);
        if (answer !== undefined) return answer;
      }
      return errorAnswer(request, 503, { 'Retry-After': '1' });
    } catch (error) {
      return answerToFileError(error, request);
    }
  }

  /** `undefined` if the file has been replaced since it was found: it is looked up again then. */
  async #answerWithFile(resource: FileResource, request: Request): Promise<Response | undefined> {
    for (;;) {
      const coding = chosenCoding(resource, request);
      if (coding === undefined) return notAcceptable();
      const representation = resource.representation(coding);
      if (representation === undefined) {
        // Nothing is coded for a client that has the coded form already.
        const unchanged = notModifiedAnswer(resource.toBeCoded(coding), request);
        if (unchanged !== undefined) return unchanged;
      }
      const opened = await this.#open(resource, coding, request);
      if (opened === undefined || opened instanceof Response) return opened;
      // If the coded form is no smaller, another one is chosen.
      if (representation !== undefined || chosenCoding(resource, request) === coding) {
        return answerWith(opened, request);
      }
    }
  }

  /** Opens the coded form, or a stored one if too much is being coded. Returns a 503 if the client accepts no stored form. */
  async #open(
    resource: FileResource,
    coding: string,
    request: Request,
  ): Promise<Opened | Response | undefined> {
    const opened = await this.#store.open(resource, coding, request.signal);
    if (opened !== BUSY) return opened;
    const stored = resource.chooseStored(request.headers.get('accept-encoding') ?? '');
    const fallback = stored === undefined ? BUSY : await this.#store.open(resource, stored, request.signal);
    return fallback === BUSY ? errorAnswer(request, 503, BUSY_FIELDS) : fallback;
  }

  #answerWithoutFile(
    found: Exclude<Found, FileResource>,
    path: string,
    request: Request,
    ctx: unknown,
  ): Outcome | Promise<Outcome | undefined> {
    const { method } = request;
    const isMissing = found.kind === 'malformed' || found.kind === 'hidden' || found.kind === 'nothing';
    if (isMissing && this.#next !== undefined) return this.#applicationOrNext(request);
    switch (found.kind) {
      case 'redirect':
        return redirectAnswer(method, found.reference, queryOf(request.url));
      case 'malformed':
        return errorAnswer(request, 400);
      case 'hidden':
        return this.#notFound(request);
      case 'folder':
        return this.#list(found, request);
      case 'nothing':
        return this.#nothingFound(path, request, ctx);
    }
  }

  async #list({ place, names: found }: FoundFolder, request: Request): Promise<Response | undefined> {
    const names = found.filter((name) => name !== '');
    const response = await listFolder({ place, names, root: this.#root }, request, this.#settings);
    return response && withServedPath(response, `/${names.map((name) => `${name}/`).join('')}`);
  }

  async #applicationOrNext(request: Request): Promise<Outcome | undefined> {
    const application = await this.#application(request);
    return application === undefined ? NEXT : this.#answerWithFile(application, request);
  }

  /** The page of a single-page application, for navigations. A missing script, image or style sheet is 404. */
  async #application({ headers }: Request): Promise<FileResource | undefined> {
    const { spa } = this.#settings;
    if (spa === undefined || !isNavigation(headers)) return undefined;
    return this.#lookup.standIn(spa, NAVIGATION_FIELDS);
  }

  async #nothingFound(path: string, request: Request, ctx: unknown): Promise<Response | undefined> {
    const { spa, index } = this.#settings;
    const advises =
      path.endsWith('/') && isFromThisMachine(request, ctx) && (await this.#lookup.holdsFolder(path));
    const given = advises ? folderAdvice(index) : {};
    if (spa === undefined) return this.#notFound(request, 'Accept', given);
    const application = await this.#application(request);
    if (application !== undefined) return this.#answerWithFile(application, request);
    return this.#notFound(request, NAVIGATION_FIELDS, given);
  }

  /** @param vary the request fields that led to the 404. */
  async #notFound(request: Request, vary = 'Accept', given: ErrorDetail = {}): Promise<Response | undefined> {
    const { method, headers } = request;
    const page = await this.#lookup.standIn(this.#settings.notFound, vary);
    if (page === undefined)
      return errorAnswer(request, 404, { Vary: vary }, { ...wayOut(request), ...given });
    const accepted = headers.get('accept-encoding') ?? '';
    const coding = wantsHtml(headers) ? page.chooseCoding(accepted, false) : undefined;
    if (coding === undefined) return errorAnswer(request, 404, { Vary: vary });
    const opened = await this.#open(page, coding, request);
    return opened === undefined || opened instanceof Response ? opened : answerWithPage(404, opened, method);
  }
}

/** The answer, if its content is in memory. */
function answerFromMemory(resource: FileResource, request: Request): Response | undefined {
  const coding = chosenCoding(resource, request);
  const representation = coding === undefined ? undefined : resource.representation(coding);
  const octets = representation?.content;
  return octets && answerWith({ representation: representation!, octets }, request);
}

function chosenCoding(resource: FileResource, { method, headers }: Request): string | undefined {
  const inPart = method === 'GET' && headers.get('range') !== null;
  const ifMatch = headers.get('if-match');
  return resource.chooseCoding(
    headers.get('accept-encoding') ?? '',
    inPart || (ifMatch !== null && ifMatch !== '*'),
  );
}

const wayOut = ({ url }: Request): ErrorDetail =>
  pathOf(url) === '/' ? {} : { link: { to: '/', text: 'Go to the front page' } };

/** RFC 9110 §12.5.3, §15.5.7: the client accepts no coding, and no content without one, so the answer has no text either. */
function notAcceptable(): Response {
  return new Response(null, {
    status: 406,
    headers: { 'Content-Length': '0', Vary: 'Accept-Encoding', 'X-Content-Type-Options': 'nosniff' },
  });
}

function withoutRepresentation(request: Request): Response {
  // RFC 9110 §9.3.7: the methods, and no content.
  if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: { Allow: ALLOWED } });
  // RFC 9110 §15.5.6: a 405 MUST list the methods that are allowed.
  return errorAnswer(request, 405, { Allow: ALLOWED });
}

function answerToFileError(error: unknown, request: Request): Response {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EACCES':
    case 'EPERM':
      return errorAnswer(request, 403);
    // Too many open files, in this process or in the whole system, for a moment.
    case 'EMFILE':
    case 'ENFILE':
      return errorAnswer(request, 503, { 'Retry-After': '1' });
    default:
      throw error;
  }
}
