/** The options for a unix socket, for the proxy in front of the server, and for the inspector beside it. */
import type { ProxyOptions } from '../../index.ts';
import { parseSubnet } from '../../semantics/address/ip-subnet.ts';
import type { OptionName } from './option-table.ts';
import { UsageError } from './usage-error.ts';
import type { Words } from './words.ts';

/** The file of a unix socket. */
export interface UnixSocket {
  readonly path: string;
  readonly mode?: number;
}

/** @throws {UsageError} */
export function unixSocket({ options, flags }: Words): UnixSocket | undefined {
  const path = options.get('unix');
  const mode = options.get('unix-mode');
  if (path === undefined) {
    if (mode !== undefined) throw new UsageError('--unix-mode: requires --unix <path>');
    return undefined;
  }
  for (const name of ['port', 'host'] as const satisfies OptionName[]) {
    if (options.has(name)) throw new UsageError(`--${name}: cannot be combined with --unix`);
  }
  if (flags.get('open')) throw new UsageError('--open: cannot be combined with --unix');
  return { path, ...(mode !== undefined && { mode: parseMode(mode) }) };
}

/** @throws {UsageError} */
export function proxyOptions({ flags, lists }: Words): ProxyOptions | undefined {
  const trusted = lists.get('trust');
  const protocol = flags.get('proxy-protocol') === true;
  const fields = (['forwarded', 'x-forwarded'] as const).filter((name) => flags.get(name));
  if (fields.length > 1)
    throw new UsageError(
      '--forwarded: cannot be combined with --x-forwarded: a client could send the header that the proxy does not set',
    );
  const [said] = protocol ? ['proxy-protocol'] : fields;
  if (trusted === undefined) {
    if (said === undefined) return undefined;
    throw new UsageError(`--${said}: requires --trust <address>, the address of the proxy`);
  }
  if (said === undefined)
    throw new UsageError('--trust: requires --proxy-protocol, --forwarded or --x-forwarded');
  return { trusted: trusted.map(parseTrusted), protocol, ...(fields[0] && { fields: fields[0] }) };
}

function parseTrusted(text: string): string {
  if (text !== 'unix' && parseSubnet(text) === undefined)
    throw new UsageError(`--trust: expected an address, a subnet such as 10.0.0.0/8, or unix, got "${text}"`);
  return text;
}

/** Octal, as for chmod. */
function parseMode(text: string): number {
  if (!/^0?[0-7]{3}$/.test(text))
    throw new UsageError(`--unix-mode: expected three octal digits such as 660, got "${text}"`);
  return Number.parseInt(text, 8);
}
