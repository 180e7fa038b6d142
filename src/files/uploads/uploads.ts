import { errorAnswer } from '../../error-pages/error-answer.ts';
import { Response } from '../../fetch/response.ts';
import { refusal } from '../../options/checks.ts';
import type { FetchFunction } from '../../server/api.ts';
import { pathOf } from '../lookup/request-path.ts';
import { checkRoot } from '../options.ts';
import { isFromElsewhere } from './cross-site.ts';
import { Inbox } from './inbox.ts';
import { type UploadOptions, uploadSettings } from './options.ts';
import { refusalFor, UploadRefusal } from './refusal.ts';

/**
 * A handler that stores uploads below `root`, and calls `next` for everything else.
 *
 * `PUT /folder/name` answers 201 with Location for a new file and 204 for one that was replaced. `POST /folder/` with
 * multipart/form-data stores each of its files: browsers are sent back to the folder (303), and programs that prefer
 * application/json get a list. `PUT /folder/new/` without content makes a folder, and with the option `delete`, DELETE removes
 * a file or an empty folder. A refusal says why: 403 for a request that another site has made a browser send, and
 * for names that can't be written to; 409 for a name that is taken or would change what another path answers, and for a folder
 * that does not exist; 412 for a precondition that is false; 413 for a file that is too large; 507 when the disk is full.
 *
 * Files may be larger than a server accepts by default: set its `limits.maxRequestBodySize` to 0, or high enough for
 * `maxFileSize` and the other files of a form. The parts of processes that were killed are removed in the background.
 *
 * @throws {TypeError | RangeError} naming the option and the value.
 */
export function uploads(root: string, next: FetchFunction, options?: UploadOptions): FetchFunction;
/** @deprecated Options are the last argument everywhere: `uploads(root, next, options)`. */
export function uploads(root: string, options: UploadOptions | undefined, next: FetchFunction): FetchFunction;
export function uploads(
  root: string,
  first: FetchFunction | UploadOptions | undefined,
  second?: UploadOptions | FetchFunction,
): FetchFunction {
  checkRoot(root);
  const [next, options] = typeof first === 'function' ? [first, second] : [second, first];
  if (typeof next !== 'function') throw new TypeError(refusal('next', 'a function', next));
  const inbox = new Inbox(root, uploadSettings((options ?? {}) as UploadOptions));
  return async (request, ctx, again) => {
    if (!inbox.takes(request)) return alsoAllowing(await next(request, ctx, again), request, inbox);
    try {
      if (isFromElsewhere(request)) {
        throw new UploadRefusal(403, 'A page of another site may not upload files here.');
      }
      return await inbox.answer(request);
    } catch (error) {
      const refusal = refusalFor(error);
      // The client has gone, or the server has a fault: neither concerns the client.
      if (refusal === undefined) throw error;
      return errorAnswer(request, refusal.status, FIELDS_OF_REFUSALS[refusal.status], {
        detail: refusal.message,
      });
    }
  };
}

const FIELDS_OF_REFUSALS: Readonly<Record<number, Record<string, string>>> = {
  // RFC 9110 §15.5.16: which codings are accepted.
  415: { 'Accept-Encoding': 'identity' },
  503: { 'Retry-After': '1' },
};

/** `next` lists only its own methods (RFC 9110 §10.2.1). */
function alsoAllowing(response: Response, { url }: Request, { allowsDelete }: Inbox): Response {
  const allow = response.headers.get('allow');
  if (allow === null) return response;
  const headers = new Headers(response.headers);
  const own = pathOf(url).endsWith('/') ? 'POST, PUT' : 'PUT';
  headers.set('Allow', `${allow}, ${own}${allowsDelete ? ', DELETE' : ''}`);
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
