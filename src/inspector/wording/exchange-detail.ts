/** The octets of an exchange, each part named, for the page. Secrets and content are left out here unless they are asked for. */
import type { ExchangeDetail, MessageDetail, PartLine, StateDiagram } from '../messages.ts';
import type { ConnectionRecord } from '../recorder/connection-record.ts';
import type { ExchangeRecord } from '../recorder/exchange-record.ts';
import type { Frame } from '../recorder/frame-reader.ts';
import { asCurl } from './as-curl.ts';
import { contentLines } from './content-lines.ts';
import { fieldLines, frameLine, hasSecret } from './frame-lines.ts';
import { headLines } from './head-lines.ts';
import { blocksIn, type DecodedBlocks, type DecodedField, headerBlock } from './header-blocks.ts';
import { HIDDEN, hidesValue, withoutSecrets } from './redaction.ts';
import { exchangeDiagram, streamDiagram } from './state-diagrams.ts';

export interface Shown {
  /** Values of `Authorization`, `Cookie` and the like. */
  readonly secrets: boolean;
  /** Content of requests and responses. */
  readonly bodies: boolean;
}

type Fields = readonly (readonly [name: string, value: string])[];

export function exchangeDetail(
  record: ExchangeRecord,
  connection: ConnectionRecord | undefined,
  shown: Shown,
): ExchangeDetail {
  const { id } = record.row;
  if (connection?.streams === undefined) {
    const request = http1Message(record.request.text, 'request', shown);
    const response = http1Message(record.response.text, 'response', shown);
    return {
      id,
      request: messageOf('Request', request.lines, record.request.length - record.request.kept),
      response: messageOf('Response', response.lines, record.response.length - record.response.kept),
      connectionFrames: [],
      curl: curlOf(record, request, connection, shown),
      diagrams: diagramsOf(record),
    };
  }
  const fields = record.head === undefined ? [] : fieldsIn(record.head.text);
  const received = record.frames.filter(({ direction }) => direction === 'received');
  const sent = record.frames.filter(({ direction }) => direction === 'sent');
  const [asked, answered] = [blocksIn(received), blocksIn(sent)];
  const lines =
    record.head === undefined ? fieldsOf(asked) : fields.map(([name, value]) => ({ name, value }));
  const asLines = (frames: readonly Frame[], blocks: DecodedBlocks): PartLine[] =>
    frames.map((frame) => {
      const block = blocks.get(frame);
      const showsBlocks = shown.secrets || (block !== undefined && !hasSecret(block.fields));
      const line = frameLine(frame, { showsBlocks, showsContent: shown.bodies });
      return block?.first === frame ? { ...line, block: headerBlock(block, shown.secrets) } : line;
    });
  return {
    id,
    request: messageOf(
      'Request',
      [...fieldLines(lines, 'request', shown.secrets), ...asLines(received, asked)],
      record.omittedFrames,
    ),
    response: messageOf(
      'Response',
      [...fieldLines(fieldsOf(answered), 'response', shown.secrets), ...asLines(sent, answered)],
      0,
    ),
    connectionFrames: asLines(connection.streams.own, new Map()),
    curl: curlOf(record, { fields, content: undefined }, connection, shown),
    diagrams: [...diagramsOf(record), streamDiagram(record.row, record.frames, record.omittedFrames)],
  };
}

/** Of all blocks of a message: interim heads, the head and trailers. */
const fieldsOf = (blocks: DecodedBlocks): DecodedField[] =>
  [...new Set(blocks.values())].flatMap((block) => block.fields);

/** A request that was refused has not become an exchange. */
const diagramsOf = ({ row, head }: ExchangeRecord): StateDiagram[] =>
  head === undefined ? [] : [exchangeDiagram(row)];

const messageOf = (title: string, lines: readonly PartLine[], omitted: number): MessageDetail => ({
  title,
  lines,
  omitted,
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

function fieldsIn(head: string): Fields {
  return head.split('\r\n').flatMap((line) => {
    const colon = line.indexOf(':', 1);
    if (colon < 0 || /^\S+ \S+ HTTP\//.test(line)) return [];
    return [[line.slice(0, colon), line.slice(colon + 1).trim()] as const];
  });
}

function curlOf(
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
