/**
 * Which names a server answers to.
 *
 * Any page on the web can give its own name the address of this machine, once it has been loaded ("DNS rebinding"). To
 * the browser, what it asks for then is its own: no rule about origins keeps it from reading, or from uploading. The one
 * thing that it can't do is to ask by another name than its own.
 */

import { Response } from '../fetch/response.ts';
import type { FetchFunction } from '../server/api.ts';
import { isAddress } from './host-name.ts';

/**
 * A handler that has `next` answer requests by `names`, and those by which nobody can be misled: an address, for which no
 * name is looked up, and `localhost` with all below it, which are this machine (RFC 6761 §6.3). Others are answered 421
 * (RFC 9110 §15.5.20), in words that say what to do.
 *
 * @param names as `parseHostName` returns them.
 * @param isForwarded the URL has the host that a trusted peer has put into a field. A browser on the peer's machine can be made
 *   to send such a field, but no other Host than the one it asks: so both are looked at.
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

/** The answer to a request by a name that is not allowed. */
function refusal(names: readonly string[]): (request: Request, authority: string) => Response | undefined {
  // Requests in a row nearly always name the same host.
  let known = '';
  return ({ method }, authority) => {
    if (authority === known) return undefined;
    const name = nameIn(authority);
    if (!isAllowed(name, names)) return misdirected(method, name);
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

/** What the Host field says, as URLs have it; nobody's name if they can't. Without one, it is no browser that asks. */
function receivedAuthority(request: Request): string {
  const host = request.headers.get('host');
  if (host === null) return 'localhost';
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).host : '?';
}

/** Without the port, and without the dot that may end a name (RFC 3986 §3.2.2). */
const nameIn = (authority: string): string => authority.replace(/:\d*$/, '').replace(/\.$/, '');

/** The name is in the answer only if nothing in it means anything to a shell: people copy what an error tells them. */
function misdirected(method: string, name: string): Response {
  const shown = /^[a-z0-9][a-z0-9.-]{0,252}$/.test(name) ? name : undefined;
  const text = `This server does not answer to the name ${shown === undefined ? 'that you asked for' : `"${shown}"`}.

Anybody can give this machine's address a name, and use it to read what is here with your browser.
If the name is yours, start the server with: --allow-host ${shown ?? '<name>'}
`;
  return new Response(method === 'HEAD' ? null : text, {
    status: 421,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': String(text.length),
      'X-Content-Type-Options': 'nosniff',
    },
  });
}
