/**
 * X-Forwarded-For, X-Forwarded-Proto and X-Forwarded-Host: three lists that nobody has specified, for what Forwarded says
 * in one. They are read from the right, as Forwarded is.
 *
 * What belongs together stands at the same distance from the right end, when every proxy adds to all three. Most proxies
 * replace the scheme and the host instead, and then there is one of each, whichever hop it is for.
 */
import { listMembers } from '../field-syntax.ts';
import { type ForwardedHop, type IsTrusted, readHop } from './forwarded.ts';
import { parseXForwardedAddress } from './forwarded-node.ts';

/** The values of the lines of each field, in the order received. */
export interface XForwardedLines {
  readonly for: readonly string[];
  readonly proto: readonly string[];
  readonly host: readonly string[];
}

/**
 * The hop that counts: from the right, the first whose client is not trusted or not known, or else the last.
 *
 * @returns `undefined` when nothing has been forwarded.
 */
export function xForwardedHop(lines: XForwardedLines, isTrusted: IsTrusted): ForwardedHop | undefined {
  if (lines.for.length + lines.proto.length + lines.host.length === 0) return undefined;
  const clients = lines.for.flatMap(listMembers);
  let distance = 0;
  for (; distance < clients.length - 1; distance++) {
    const client = parseXForwardedAddress(fromRight(clients, distance)!);
    if (client === undefined || !isTrusted(client)) break;
  }
  const said = (members: readonly string[]): string | undefined =>
    fromRight(members, members.length === 1 ? 0 : distance);
  return readHop(
    fromRight(clients, distance),
    said(lines.proto.flatMap(listMembers)),
    said(lines.host.flatMap(listMembers)),
    parseXForwardedAddress,
  );
}

const fromRight = (members: readonly string[], distance: number): string | undefined =>
  members[members.length - 1 - distance];
