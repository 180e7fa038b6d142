/** The Connection field (RFC 9110 §7.6.1): a list of options about one hop only. */
import { listMembers } from '../field-syntax.ts';

export const CLOSE = 1;
export const KEEP_ALIVE = 2;
export const UPGRADE_OPTION = 4;

const OPTIONS: ReadonlyMap<string, number> = new Map([
  ['close', CLOSE],
  ['keep-alive', KEEP_ALIVE],
  ['upgrade', UPGRADE_OPTION],
]);

/** The options that a Connection value names, as flags. Names are case-insensitive; unknown ones are ignored. */
export function parseConnectionOptions(value: string): number {
  const single = OPTIONS.get(value);
  if (single !== undefined) return single;
  let options = 0;
  for (const member of listMembers(value)) options |= OPTIONS.get(member.toLowerCase()) ?? 0;
  return options;
}
