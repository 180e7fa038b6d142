/**
 * Restricts the host names that a server answers to.
 *
 * This defends against DNS rebinding: a web page can point its own host name at this machine's address after it has been
 * loaded. The browser then treats responses of this server as the page's own, so no same-origin rule prevents reading or
 * uploading. But the browser still sends the page's host name, which this check refuses.
 */

import { errorAnswer } from '../../error-pages/error-answer.ts';
import type { FetchFunction } from '../../server/api.ts';
import { isAddress } from './host-name.ts';

/**
 * Passes requests for one of `names` to `next`, and also requests that rebinding cannot forge: those for an IP address,
 * which needs no name lookup, and for `localhost` and names below it, which are this machine (RFC 6761 §6.3). All others
 * get 421 (RFC 9110 §15.5.20) and an explanation.
 *
 * @param names in the form that `parseHostName` returns.
 * @param isForwarded whether the host of the URL comes from a header that a trusted proxy sets. A page can make a browser on
 *   the proxy's machine send such a header, but it cannot change `Host`, so both are checked.
 */
export function allowedHosts(
  names: readonly string[],
  next: FetchFunction,
  isForwarded = false,
): FetchFunction {
  const refuseUrl = refusal(names);
  const refuseHost = isForwarded ? refusal(names) : undefined;
  return (request, ctx) =>
    refuseUrl(request, authorityOf(request.url)) ??
    refuseHost?.(request, receivedAuthority(request)) ??
    next(request, ctx, ctx);
}

/** Returns a function that gives the 421 response for a host that is not allowed. */
function refusal(names: readonly string[]): (request: Request, authority: string) => Response | undefined {
  // Consecutive requests nearly always name the same host.
  let known = '';
  return (request, authority) => {
    if (authority === known) return undefined;
    const name = nameIn(authority);
    if (!isAllowed(name, names)) return misdirected(request, name);
    known = authority;
    return undefined;
  };
}

function isAllowed(name: string, names: readonly string[]): boolean {
  if (isAddress(name) || matches(name, 'localhost') || matches(name, '*.localhost')) return true;
  return names.some((allowed) => matches(name, allowed));
}

function matches(name: string, allowed: string): boolean {
  return allowed.startsWith('*.') ? name.endsWith(allowed.slice(1)) : name === allowed;
}

function authorityOf(url: string): string {
  const start = url.indexOf('//') + 2;
  return url.slice(start, url.indexOf('/', start));
}

/** The `Host` header in the form of a URL; `?`, which is never allowed, if it is invalid. Browsers always send `Host`. */
function receivedAuthority(request: Request): string {
  const host = request.headers.get('host');
  if (host === null) return 'localhost';
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).host : '?';
}

/** Removes the port, and the dot that may end a name (RFC 3986 §3.2.2). */
const nameIn = (authority: string): string => authority.replace(/:\d*$/, '').replace(/\.$/, '');

/** The response repeats the name only if it is safe in a shell, because users copy commands from error messages. */
function misdirected(request: Request, name: string): Response {
  const shown = /^[a-z0-9][a-z0-9.-]{0,252}$/.test(name) ? name : undefined;
  return errorAnswer(
    request,
    421,
    {},
    {
      detail: `This server does not accept requests for the host ${shown === undefined ? 'in this request' : `"${shown}"`}.`,
      advice: [
        'A web site could point its own host name at this machine and read these files through your browser.',
        'If the host name is yours, start the server with:',
      ],
      command: `--allow-host ${shown ?? '<name>'}`,
    },
  );
}
