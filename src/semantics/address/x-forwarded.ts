/**
 * X-Forwarded-For, X-Forwarded-Proto and X-Forwarded-Host: three lists without a specification, which together hold what
 * Forwarded holds in one. They are read from the right, as Forwarded is.
 *
 * If every proxy appends to all three, members of one hop are at the same distance from the right end. Most proxies
 * replace the scheme and the host instead. Then these lists have one member, which is used for every hop.
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
 * The hop to use: from the right, the first whose client is not trusted or not known, or else the leftmost.
 *
 * @returns `undefined` if the request has none of these fields.
 */
export function xForwardedHop(lines: XForwardedLines, isTrusted: IsTrusted): ForwardedHop | undefined {
  if (lines.for.length + lines.proto.length + lines.host.length === 0) return undefined;
  const clients = lines.for.flatMap(listMembers);
  let distance = 0;
  for (; distance < clients.length - 1; distance++) {
    const client = parseXForwardedAddress(fromRight(clients, distance)!);
    if (client === undefined || !isTrusted(client)) break;
  }
  const reported = (members: readonly string[]): string | undefined =>
    fromRight(members, members.length === 1 ? 0 : distance);
  return readHop(
    fromRight(clients, distance),
    reported(lines.proto.flatMap(listMembers)),
    reported(lines.host.flatMap(listMembers)),
    parseXForwardedAddress,
  );
}

const fromRight = (members: readonly string[], distance: number): string | undefined =>
  members[members.length - 1 - distance];
