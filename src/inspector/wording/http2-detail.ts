/** The decoded fields and the frames of an exchange over HTTP/2. */
import { END_STREAM, HEADERS } from '../../http2/frame/frame-types.ts';
import type { ExchangeDetail, HeaderBlock, MessageDetail, PartLine } from '../messages.ts';
import type { ConnectionRecord } from '../recorder/connection-record.ts';
import type { ExchangeRecord } from '../recorder/exchange-record.ts';
import type { Frame } from '../recorder/frame-reader.ts';
import type { StreamFrames } from '../recorder/stream-frames.ts';
import { http2Fault } from './faults.ts';
import { fieldLines, frameLine, hasSecret } from './frame-lines.ts';
import {
  blocksIn,
  type DecodedBlock,
  type DecodedBlocks,
  type DecodedField,
  headerBlock,
} from './header-blocks.ts';
import { markField, markFrame } from './marked-lines.ts';
import type { Shown } from './redaction.ts';
import { curlOf, fieldsIn } from './sent-again.ts';
import { exchangeDiagram, streamDiagram } from './state-diagrams.ts';

export function http2Detail(
  record: ExchangeRecord,
  connection: ConnectionRecord,
  streams: StreamFrames,
  shown: Shown,
): ExchangeDetail {
  const { row, head } = record;
  const received = record.frames.filter(({ direction }) => direction === 'received');
  const sent = record.frames.filter(({ direction }) => direction === 'sent');
  const answered = blocksIn(sent);
  const fields = head === undefined ? [] : fieldsIn(head.text);
  const { request, note } = requestOf(record, received, connection, shown);
  return {
    id: row.id,
    ...(note !== undefined && { fault: { ...row.refused!, note } }),
    request,
    response: {
      title: 'Response',
      lines: [
        ...fieldLines(fieldsOf(answered), 'response', shown.secrets),
        ...linesOf(sent, answered, shown),
      ],
      omitted: 0,
    },
    connectionFrames: linesOf(streams.own, new Map(), shown),
    curl: curlOf(record, { fields, content: undefined }, connection, shown),
    diagrams: [
      ...(head === undefined ? [] : [exchangeDiagram(row)]),
      streamDiagram(row, record.frames, record.omittedFrames),
    ],
  };
}

function requestOf(
  { head, row, omittedFrames }: ExchangeRecord,
  received: readonly Frame[],
  connection: ConnectionRecord,
  shown: Shown,
): { request: MessageDetail; note?: string } {
  const blocks = blocksIn(received);
  const fields =
    head === undefined ? fieldsOf(blocks) : fieldsIn(head.text).map(([name, value]) => ({ name, value }));
  const decoded = fieldLines(fields, 'request', shown.secrets);
  const frames = linesOf(received, blocks, shown);
  const request = { title: 'Request', lines: [...decoded, ...frames], omitted: omittedFrames };
  const { refused } = row;
  if (refused === undefined) return { request };
  const block = blocks.get(received[0]!);
  const isWhole = received.some(({ type, octets }) => type === HEADERS && (octets[4]! & END_STREAM) !== 0);
  const index = block && http2Fault(block.fields, refused.reason, isWhole, connection.limits?.http2Limits);
  if (index === undefined) {
    const marked = frames.map((line, i) => (i === frames.length - 1 ? markFrame(line) : line));
    const note = 'It is about the last frame of the request.';
    return { request: { ...request, lines: [...decoded, ...marked] }, note };
  }
  const note = 'It is about this field: the others would be accepted.';
  const [first, ...rest] = frames;
  const marked = [{ ...first!, block: withBroken(first!.block!, block!, index) }, ...rest];
  return { request: { ...request, lines: [...markField(decoded, index), ...marked] }, note };
}

/** Size updates come before the fields. */
function withBroken(block: HeaderBlock, { sizeUpdates }: DecodedBlock, index: number): HeaderBlock {
  const at = index + sizeUpdates.length;
  return {
    ...block,
    fields: block.fields.map((field, i) => (i === at ? { ...field, isBroken: true } : field)),
  };
}

function linesOf(frames: readonly Frame[], blocks: DecodedBlocks, shown: Shown): PartLine[] {
  return frames.map((frame) => {
    const block = blocks.get(frame);
    const showsBlocks = shown.secrets || (block !== undefined && !hasSecret(block.fields));
    const line = frameLine(frame, { showsBlocks, showsContent: shown.bodies });
    return block?.first === frame ? { ...line, block: headerBlock(block, shown.secrets) } : line;
  });
}

/** Of all blocks of a message: interim heads, the head and trailers. */
const fieldsOf = (blocks: DecodedBlocks): DecodedField[] =>
  [...new Set(blocks.values())].flatMap((block) => block.fields);
