/** The fields of a request, and the command for curl that sends it again. */
import type { ConnectionRecord } from '../recorder/connection-record.ts';
import type { ExchangeRecord } from '../recorder/exchange-record.ts';
import { asCurl } from './as-curl.ts';
import { HIDDEN, hidesValue, type Shown, withoutSecrets } from './redaction.ts';

export type Fields = readonly (readonly [name: string, value: string])[];

export function fieldsIn(head: string): Fields {
  return head.split('\r\n').flatMap((line) => {
    const colon = line.indexOf(':', 1);
    if (colon < 0 || /^\S+ \S+ HTTP\//.test(line)) return [];
    return [[line.slice(0, colon), line.slice(colon + 1).trim()] as const];
  });
}

export function curlOf(
  record: ExchangeRecord,
  { fields, content }: { fields: Fields; content: string | undefined },
  connection: ConnectionRecord | undefined,
  shown: Shown,
): string {
  const { row, head } = record;
  if (head === undefined) return '';
  const scheme = connection?.row.tls === undefined ? 'http' : 'https';
  const authority = head.authority || (connection?.row.local ?? 'localhost');
  const path = shown.secrets ? head.path : withoutSecrets(head.path);
  return asCurl({
    method: row.method,
    url: path.includes('://') ? path : `${scheme}://${authority}${path === '*' ? '/' : path}`,
    fields: fields.map(([name, value]) => [name, !shown.secrets && hidesValue(name, value) ? HIDDEN : value]),
    content: record.request.kept === record.request.length ? content : undefined,
    hasContent: head.hasContent,
    isHttp2: connection?.streams !== undefined,
  });
}
