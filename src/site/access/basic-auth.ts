/** Basic authentication (RFC 7617): requests without a correct password get 401. */
import { errorAnswer } from '../../error-pages/error-answer.ts';
import type { FetchFunction } from '../../server/api.ts';
import { askerOf } from './asker.ts';
import { Credentials, type Verdict } from './credentials.ts';
import { parseUsers } from './users.ts';

/** RFC 7617 §2 and §2.1: the realm, and UTF-8 as the encoding of names and passwords. */
const CHALLENGE = { 'WWW-Authenticate': 'Basic realm="Serval", charset="UTF-8"' };

/**
 * @param users each as `name:hash`, with a hash that `serval hash` prints.
 * @throws {TypeError} for an invalid user. The message repeats only the name.
 */
export function basicAuth(users: readonly string[], next: FetchFunction): FetchFunction {
  const credentials = new Credentials(parseUsers(users));
  return (request, ctx) => {
    const given = parseBasic(request.headers.get('authorization'));
    if (given === undefined) return unauthorized(request);
    let isGone = false;
    const asker = askerOf(ctx.remoteAddress);
    const verdict = credentials.check(given.user, given.password, asker, () => isGone);
    if (verdict === 'right') return next(request, ctx, ctx);
    if (verdict instanceof Promise) {
      ctx.completed.catch(() => {
        isGone = true;
      });
    }
    return answerTo(verdict, request, () => next(request, ctx, ctx));
  };
}

async function answerTo(
  verdict: Verdict | Promise<Verdict>,
  request: Request,
  answer: () => Response | Promise<Response>,
): Promise<Response> {
  switch (await verdict) {
    case 'right':
      return answer();
    case 'busy':
      return errorAnswer(request, 503, { 'Retry-After': '5' });
    default:
      return unauthorized(request);
  }
}

/** `Basic` SP token68, which is base64 of `user-id ":" password` (RFC 7617 §2). */
export function parseBasic(value: string | null): { user: string; password: string } | undefined {
  const token = value === null ? undefined : /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(value)?.[1];
  if (token === undefined) return undefined;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(token, 'base64'));
  } catch {
    return undefined;
  }
  const colon = text.indexOf(':');
  if (colon < 0 || /[\x00-\x1f\x7f]/.test(text)) return undefined;
  return { user: text.slice(0, colon).normalize('NFC'), password: text.slice(colon + 1).normalize('NFC') };
}

/** RFC 9110 §15.5.2: a 401 MUST carry a challenge. */
function unauthorized(request: Request): Response {
  return errorAnswer(request, 401, CHALLENGE);
}
