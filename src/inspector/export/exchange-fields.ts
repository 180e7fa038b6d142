/** The fields of both messages of a recorded exchange, whichever version of HTTP carried it. */
import type { ExchangeRecord } from '../recorder/exchange-record.ts';
import type { Frame } from '../recorder/frame-reader.ts';
import { blocksIn, type DecodedField } from '../wording/header-blocks.ts';
import { dividedMessage, type MessageSide } from '../wording/http1-message.ts';
import { hidesValue } from '../wording/redaction.ts';
import { type Fields, fieldsIn } from '../wording/sent-again.ts';

/** Those of the request, and those of the final response. They contain secrets. */
export function fieldsOf(record: ExchangeRecord, side: MessageSide): Fields {
  if (record.row.stream !== 0)
    return side === 'request' ? decodedRequest(record) : headIn(record.frames, 'sent');
  return fieldsInHead(dividedMessage(record[side].text, side).heads.at(-1) ?? '');
}

/** A field line each (RFC 9112 §5), with the lines that continue it (§5.2). What is none is left out. */
export function fieldsInHead(head: string): Fields {
  const lines = head
    .replace(/^(?:\r\n)+/, '')
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .slice(1);
  return lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return colon <= 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()] as const];
  });
}

/** As the exchange knows them: pseudo-fields begin with a colon (RFC 9113 §8.3). */
export function decodedRequest({ head, frames }: ExchangeRecord): Fields {
  if (head?.text === undefined) return headIn(frames, 'received');
  return fieldsIn(head.text);
}

/** Those of the first block that is neither an interim head (RFC 9110 §15.2) nor trailers. */
function headIn(frames: readonly Frame[], direction: Frame['direction']): Fields {
  const blocks = blocksIn(frames.filter((frame) => frame.direction === direction));
  const isHead = ({ name, value }: DecodedField): boolean =>
    name === ':method' || (name === ':status' && !value.startsWith('1'));
  const head = [...blocks.values()].find(({ fields }) => fields.some(isHead));
  return asFields(head?.fields ?? []);
}

/** The first value of a field; empty if there is none. @param name in lower case. */
export function valueIn(fields: Fields, name: string): string {
  return fields.find(([own]) => own.toLowerCase() === name)?.[1] ?? '';
}

/** A line that ends in another way than CRLF hides the fields behind it. */
export const isHiddenField = (name: string, value: string): boolean =>
  hidesValue(name, value) || /[\r\n]/.test(name + value);

export const asFields = (fields: readonly DecodedField[]): Fields =>
  fields.map(({ name, value }) => [name, value] as const);
