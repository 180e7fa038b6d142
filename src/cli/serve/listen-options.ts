/** The options about where to listen, when that is no port, and about what stands in front. */
import type { ProxyOptions } from '../../index.ts';
import { parseSubnet } from '../../semantics/address/ip-subnet.ts';
import { type OptionName, UsageError, type Words } from '../option-words.ts';

/** The file of a unix socket. */
export interface UnixSocket {
  readonly path: string;
  readonly mode?: number;
}

/** @throws {UsageError} */
export function unixSocket({ options }: Words): UnixSocket | undefined {
  const path = options.get('unix');
  const mode = options.get('unix-mode');
  if (path === undefined) {
    if (mode !== undefined) throw new UsageError('--unix-mode is about a unix socket: add --unix <path>.');
    return undefined;
  }
  for (const name of ['port', 'host', 'open'] as const satisfies OptionName[]) {
    if (options.has(name)) throw new UsageError(`--${name} is for a port, and --unix has none.`);
  }
  return { path, ...(mode !== undefined && { mode: parseMode(mode) }) };
}

/** @throws {UsageError} */
export function proxyOptions({ options, lists }: Words): ProxyOptions | undefined {
  const trusted = lists.get('trust');
  const protocol = options.has('proxy-protocol');
  const fields = (['forwarded', 'x-forwarded'] as const).filter((name) => options.has(name));
  if (fields.length > 1)
    throw new UsageError(
      '--forwarded or --x-forwarded: a client can send the one that the proxy does not set.',
    );
  const [said] = protocol ? ['proxy-protocol'] : fields;
  if (trusted === undefined) {
    if (said === undefined) return undefined;
    throw new UsageError(`--${said} needs --trust <address>: who may say who the client is?`);
  }
  if (said === undefined)
    throw new UsageError('--trust needs --proxy-protocol, --forwarded or --x-forwarded: what may they say?');
  return { trusted: trusted.map(parseTrusted), protocol, ...(fields[0] && { fields: fields[0] }) };
}

function parseTrusted(text: string): string {
  if (text !== 'unix' && parseSubnet(text) === undefined)
    throw new UsageError(`--trust "${text}" is not an address, a subnet such as 10.0.0.0/8, or unix.`);
  return text;
}

/** As chmod has it. */
function parseMode(text: string): number {
  if (!/^0?[0-7]{3}$/.test(text))
    throw new UsageError(`--unix-mode "${text}": it takes three octal digits, such as 660.`);
  return Number.parseInt(text, 8);
}
