/** The octets of an exchange, each part named, for the page. Secrets and content are left out here unless they are asked for. */
import type { ExchangeDetail } from '../messages.ts';
import type { ConnectionRecord } from '../recorder/connection-record.ts';
import type { ExchangeRecord } from '../recorder/exchange-record.ts';
import { http1Detail } from './http1-detail.ts';
import { http2Detail } from './http2-detail.ts';
import type { Shown } from './redaction.ts';

export function exchangeDetail(
  record: ExchangeRecord,
  connection: ConnectionRecord | undefined,
  shown: Shown,
): ExchangeDetail {
  return connection?.streams === undefined
    ? http1Detail(record, connection, shown)
    : http2Detail(record, connection, connection.streams, shown);
}
