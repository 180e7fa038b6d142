/** The URL of a recorded request (RFC 9110 §7.1). A HAR file takes only what is one, and a request that was refused may have none. */
import { isAuthority } from '../../../semantics/address/authority.ts';
import type { ConnectionRecord } from '../../recorder/connection-record.ts';
import type { ExchangeRecord } from '../../recorder/exchange-record.ts';
import { withoutSecrets } from '../../wording/redaction.ts';
import type { Fields } from '../../wording/sent-again.ts';
import { valueIn } from '../exchange-fields.ts';

export function requestUrl(
  { head, row }: ExchangeRecord,
  connection: ConnectionRecord | undefined,
  fields: Fields,
  showsSecrets: boolean,
): string {
  const target = head === undefined ? row.path : head.path;
  const path = showsSecrets ? target : withoutSecrets(target);
  // RFC 9112 §3.2.2: absolute-form
  const [, start, authority = '', rest = ''] = /^(https?:\/\/)([^/?#]+)(.*)$/i.exec(path) ?? [];
  if (start !== undefined && isAuthority(authority)) return start + authority + encoded(rest);
  const scheme = connection?.row.tls === undefined ? 'http' : 'https';
  const named = head?.authority || valueIn(fields, 'host');
  return `${scheme}://${authorityOf(named, connection)}${path.startsWith('/') ? encoded(path) : '/'}`;
}

function authorityOf(named: string, connection: ConnectionRecord | undefined): string {
  if (named !== '' && isAuthority(named)) return named;
  const local = connection?.row.local ?? '';
  return local !== '' && isAuthority(local) ? local : 'localhost';
}

/** RFC 3986 §2: other characters stand as octets. */
function encoded(text: string): string {
  return text
    .replace(/%(?![0-9a-f]{2})/gi, '%25')
    .replace(
      /[^\w\-.~:/?#@!$&'()*+,;=%]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );
}
