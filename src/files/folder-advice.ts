/** What the owner of a folder without an index can do. Only the owner is told, since others can do nothing. */
import type { ErrorDetail } from '../error-pages/error-page.ts';
import { isLoopback } from '../semantics/address/ip-address.ts';

/**
 * Whether a request comes from this machine, by all that it shows: the address of its connection, the name that it asks for, and
 * that no proxy has passed it on. A program behind a proxy would otherwise take all clients for its owner.
 *
 * @param ctx what the server passes to a handler, or anything else.
 */
export function isFromThisMachine({ url, headers }: Pick<Request, 'url' | 'headers'>, ctx: unknown): boolean {
  const address = (ctx as { remoteAddress?: { address?: unknown } } | null | undefined)?.remoteAddress
    ?.address;
  if (typeof address !== 'string' || !isLoopback(address)) return false;
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if (host !== 'localhost' && !host.endsWith('.localhost') && !isLoopback(host)) return false;
  return !['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => headers.has(name));
}

export function folderAdvice(index: string | undefined): ErrorDetail {
  const lacks = index === undefined ? 'This folder is not listed' : `This folder has no ${index}`;
  return {
    heading: lacks,
    detail: 'Lists of folders are off.',
    advice: [
      'You see this because your request comes from this machine. Others get a plain 404.',
      `${index === undefined ? 'To' : `Add an ${index}. Or, to`} show what is in the folder, start the server in one of these ways:`,
    ],
    command: 'serval <folder> --listing\nfiles(root, { listing: true })',
  };
}
