/** The octets of an exchange over HTTP/1. */
import type { ExchangeDetail, PartLine } from '../messages.ts';
import type { ConnectionRecord } from '../recorder/connection-record.ts';
import type { ExchangeRecord } from '../recorder/exchange-record.ts';
import { contentLines } from './content-lines.ts';
import { type Fault, http1Fault } from './faults.ts';
import { headLines } from './head-lines.ts';
import { markOctets } from './marked-lines.ts';
import type { Shown } from './redaction.ts';
import { curlOf, type Fields, fieldsIn } from './sent-again.ts';
import { exchangeDiagram } from './state-diagrams.ts';

export function http1Detail(
  record: ExchangeRecord,
  connection: ConnectionRecord | undefined,
  shown: Shown,
): ExchangeDetail {
  const { row, head } = record;
  const request = http1Message(record.request.text, 'request', shown);
  const response = http1Message(record.response.text, 'response', shown);
  const fault = faultOf(record, connection);
  const lines = fault === undefined ? request.lines : markOctets(request.lines, fault);
  return {
    id: row.id,
    ...(fault && { fault: { ...fault.rejection, note: fault.note } }),
    request: { title: 'Request', lines, omitted: record.request.length - record.request.kept },
    response: {
      title: 'Response',
      lines: response.lines,
      omitted: record.response.length - record.response.kept,
    },
    connectionFrames: [],
    curl: curlOf(record, request, connection, shown),
    // A request that was refused has not become an exchange.
    diagrams: head === undefined ? [] : [exchangeDiagram(row)],
  };
}

/** Also of a request that was refused when its content arrived. */
function faultOf({ request, row, head }: ExchangeRecord, connection?: ConnectionRecord): Fault | undefined {
  const isSuspect = row.refused !== undefined || (head?.hasContent === true && row.status !== 200);
  if (!isSuspect) return undefined;
  const fault = http1Fault(request.text, connection?.limits?.messageLimits, row.refused);
  return fault && { ...fault, rejection: pick(fault.rejection) };
}

const pick = ({ reason, section, sentence }: Fault['rejection']): Fault['rejection'] => ({
  reason,
  section,
  sentence,
});

/** Heads, interim ones first, and the content behind the last. */
function http1Message(
  octets: string,
  side: 'request' | 'response',
  shown: Shown,
): { lines: PartLine[]; fields: Fields; content: string | undefined } {
  const lines: PartLine[] = [];
  let rest = octets;
  let fields: Fields = [];
  while (rest !== '') {
    // RFC 9112 §2.2: empty lines before a request-line are ignored.
    const start = side === 'request' ? (/^(?:\r\n)*/.exec(rest)?.[0].length ?? 0) : 0;
    const end = rest.indexOf('\r\n\r\n', start);
    const head = end < 0 ? rest : rest.slice(0, end + 4);
    lines.push(...headLines(head, side, shown.secrets));
    rest = rest.slice(head.length);
    fields = fieldsIn(head);
    if (side === 'request' || !/^HTTP\/1\.1 1(?!01)/.test(head)) break;
  }
  const isChunked = fields.some(
    ([name, value]) => name.toLowerCase() === 'transfer-encoding' && /chunked/i.test(value),
  );
  lines.push(...contentLines(rest, isChunked, shown.bodies));
  return { lines, fields, content: isChunked || !shown.bodies ? undefined : rest };
}
