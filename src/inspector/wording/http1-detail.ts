/** The octets of an exchange over HTTP/1. */
import type { ExchangeDetail, PartLine } from '../messages.ts';
import type { ConnectionRecord } from '../recorder/connection-record.ts';
import type { ExchangeRecord } from '../recorder/exchange-record.ts';
import { contentLines } from './content-lines.ts';
import { type Fault, http1Fault } from './faults.ts';
import { headLines } from './head-lines.ts';
import { dividedMessage, type MessageSide } from './http1-message.ts';
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

function http1Message(
  octets: string,
  side: MessageSide,
  shown: Shown,
): { lines: PartLine[]; fields: Fields; content: string | undefined } {
  const { heads, content, isChunked } = dividedMessage(octets, side);
  const lines = heads.flatMap((head) => headLines(head, side, shown.secrets));
  lines.push(...contentLines(content, isChunked, shown.bodies));
  const fields = fieldsIn(heads.at(-1) ?? '');
  return { lines, fields, content: isChunked || !shown.bodies ? undefined : content };
}
