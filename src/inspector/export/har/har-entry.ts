/** One exchange as an entry of a HAR file. */

import type { ExchangeRow } from '../../messages.ts';
import { type PhaseName, phasesOf } from '../../page/phases.ts';
import type { ConnectionRecord } from '../../recorder/connection-record.ts';
import type { ExchangeRecord } from '../../recorder/exchange-record.ts';
import { dividedMessage } from '../../wording/http1-message.ts';
import type { Shown } from '../../wording/redaction.ts';
import { HIDDEN, withoutSecrets } from '../../wording/redaction.ts';
import type { Fields } from '../../wording/sent-again.ts';
import { fieldsOf, isHiddenField, valueIn } from '../exchange-fields.ts';
import type { Selection } from '../selection.ts';
import { contentMember, postDataMember } from './har-content.ts';
import { requestCookies, responseCookies } from './har-cookies.ts';
import { type MessageContent, messageContent } from './message-content.ts';
import { requestUrl } from './request-url.ts';

/** What the server cannot know has this value (HAR 1.2, timings). */
const UNKNOWN = -1;

/** What an entry says of one of its messages. */
interface Message {
  readonly fields: Fields;
  readonly content: MessageContent;
}

export function harEntry(record: ExchangeRecord, selection: Selection, shown: Shown): object {
  const { row } = record;
  const connection = selection.connectionOf(record);
  const request = { fields: fieldsOf(record, 'request'), content: messageContent(record, 'request') };
  const response = { fields: fieldsOf(record, 'response'), content: messageContent(record, 'response') };
  const timings = timingsOf(row, selection.now);
  const { blocked, send, wait, receive } = timings;
  return {
    startedDateTime: new Date(selection.epoch + row.arrivedAt).toISOString(),
    time: rounded(blocked + send + wait + receive),
    request: requestMember(record, connection, request, shown),
    response: responseMember(record, response, shown),
    cache: {},
    timings,
    ...serverAddress(connection),
    connection: String(row.connection),
    ...(row.stream > 0 && { _stream: row.stream }),
    ...remark(row, request, response, shown),
  };
}

function requestMember(
  record: ExchangeRecord,
  connection: ConnectionRecord | undefined,
  { fields, content }: Message,
  shown: Shown,
): object {
  const { row } = record;
  const url = requestUrl(record, connection, fields, shown.secrets);
  const query = /\?([^#]*)/.exec(url)?.[1] ?? '';
  return {
    method: row.method || 'UNKNOWN',
    url,
    httpVersion: versionOf(row),
    cookies: shown.secrets ? requestCookies(fields) : [],
    headers: shownFields(fields, shown),
    queryString: [...new URLSearchParams(query)].map(([name, value]) => ({ name, value })),
    ...(shown.bodies && content.octets.length > 0 && { postData: postDataMember(content, fields) }),
    ...sizes(content),
  };
}

function responseMember(record: ExchangeRecord, { fields, content }: Message, shown: Shown): object {
  const { row } = record;
  const head = row.stream > 0 ? '' : (dividedMessage(record.response.text, 'response').heads.at(-1) ?? '');
  const [, version = versionOf(row), statusText = ''] = /^(HTTP\/\d\.\d) \d{3} ?([^\r\n]*)/.exec(head) ?? [];
  const location = valueIn(fields, 'location');
  return {
    status: row.status,
    statusText,
    httpVersion: version,
    cookies: shown.secrets ? responseCookies(fields) : [],
    headers: shownFields(fields, shown),
    content: contentMember(content, fields, shown.bodies),
    redirectURL: shown.secrets ? location : withoutSecrets(location),
    ...sizes(content),
    _transferSize: row.sent,
    ...(row.error !== undefined && { _error: row.error }),
  };
}

/** In HTTP/2 a head has no octets of its own. */
const sizes = ({ headLength, transferred }: MessageContent) => ({
  headersSize: headLength || UNKNOWN,
  bodySize: transferred ?? UNKNOWN,
});

/** In milliseconds. Lookup and connecting are the client's affair. */
function timingsOf(row: ExchangeRow, now: number) {
  const phases = phasesOf(row, now);
  const took = (...names: readonly PhaseName[]): number =>
    rounded(phases.reduce((sum, { name, from, to }) => (names.includes(name) ? sum + to - from : sum), 0));
  return {
    blocked: took('waiting'),
    dns: UNKNOWN,
    connect: UNKNOWN,
    ssl: UNKNOWN,
    send: took('head', 'content-in'),
    wait: took('handler'),
    receive: took('content-out'),
  };
}

const rounded = (milliseconds: number): number => Math.round(milliseconds * 1_000) / 1_000;

function versionOf({ version, stream }: ExchangeRow): string {
  if (version === '') return stream > 0 ? 'HTTP/2' : 'HTTP/1.1';
  return `HTTP/${version}`;
}

const shownFields = (fields: Fields, { secrets }: Shown): object[] =>
  fields.map(([name, value]) => ({ name, value: secrets ? value : shownValue(name, value) }));

function shownValue(name: string, value: string): string {
  if (!isHiddenField(name, value)) return value;
  // Of a request-target only the secrets are hidden, as they are in the URL.
  return name.startsWith(':') ? withoutSecrets(value) : HIDDEN;
}

function serverAddress(connection: ConnectionRecord | undefined): { serverIPAddress?: string } {
  const { address, family } = connection?.ends.localAddress ?? {};
  return family === 'IPv4' || family === 'IPv6' ? { serverIPAddress: address! } : {};
}

/** What else is to be known: how the exchange failed, and what is hidden. */
function remark(
  { refused, error, endAt }: ExchangeRow,
  request: Message,
  response: Message,
  shown: Shown,
): { comment?: string } {
  const sentences: string[] = [];
  if (refused !== undefined)
    sentences.push(`Refused before the application heard of it: ${refused.sentence} (${refused.section})`);
  if (error !== undefined) sentences.push(`The response was cut off: ${error}`);
  if (endAt === undefined) sentences.push('It was still in progress.');
  const hidden = hiddenParts(request, response, shown);
  if (hidden.length > 0) sentences.push(`Hidden: ${hidden.join(', ')}.`);
  return sentences.length === 0 ? {} : { comment: sentences.join(' ') };
}

function hiddenParts(request: Message, response: Message, { secrets, bodies }: Shown): string[] {
  const fields = [...request.fields, ...response.fields];
  const names = fields
    .filter(([name, value]) => !secrets && isHiddenField(name, value))
    .map(([name]) => name.toLowerCase());
  const parts = [...new Set(names)];
  if (!bodies && request.content.transferred !== 0) parts.push('the content of the request');
  if (!bodies && response.content.transferred !== 0) parts.push('the content of the response');
  return parts;
}
