/** How the access log is written: for people, in the formats of Apache that other programs read, or as JSON. */
import { Buffer } from 'node:buffer';
import type { LogFormatName } from '../options/values.ts';
import { formatEntry, formatRefusal, type LogEntry, type Refusal } from './access-log.ts';

/** One line each, without its end. */
export interface LogFormat {
  entry(entry: LogEntry): string;
  refusal(refusal: Refusal, time: Date): string;
}

/** @param colour only for `text`. */
export function logFormat(name: LogFormatName, colour: boolean): LogFormat {
  switch (name) {
    case 'text':
      return {
        entry: (entry) => formatEntry(entry, colour),
        refusal: (refusal, time) => formatRefusal(refusal, time, colour),
      };
    case 'common':
      return { entry: commonEntry, refusal: commonRefusal };
    case 'combined':
      return {
        entry: (entry) => `${commonEntry(entry)} ${quoted(entry.referer)} ${quoted(entry.userAgent)}`,
        refusal: (refusal, time) => `${commonRefusal(refusal, time)} "-" "-"`,
      };
    case 'json':
      return { entry: jsonEntry, refusal: jsonRefusal };
  }
}

/** `host ident user [time] "request" status bytes`. The user is left out: it may be a password in the wrong field. */
function commonEntry(entry: LogEntry): string {
  const request = `${entry.method} ${entry.path} ${entry.protocol}`;
  const status = entry.status ?? '-';
  return `${addressOf(entry.address)} - - [${commonTime(entry.time)}] ${quoted(request)} ${status} ${entry.sent || '-'}`;
}

function commonRefusal({ remoteAddress, status }: Refusal, time: Date): string {
  return `${addressOf(remoteAddress.address)} - - [${commonTime(time)}] "-" ${status || '-'} -`;
}

const addressOf = (address: string): string => quoted(address).slice(1, -1);

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `30/Nov/2026:18:00:00 +0000` */
function commonTime(time: Date): string {
  const [date, clock] = time.toISOString().slice(0, 19).split('T') as [string, string];
  const [year, month, day] = date.split('-') as [string, string, string];
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${clock} +0000`;
}

/** As Apache writes it: all but printable ASCII as `\xhh`, so that no client can imitate a line. `-` for nothing. */
function quoted(text: string | undefined): string {
  if (text === undefined || text === '') return '"-"';
  const escaped = text.replace(/["\\]/g, '\\$&').replace(/[^\x20-\x7e]+/gu, (characters) => {
    const octets = [...Buffer.from(characters)];
    return octets.map((octet) => `\\x${octet.toString(16).padStart(2, '0')}`).join('');
  });
  return `"${escaped}"`;
}

function jsonEntry(entry: LogEntry): string {
  return json({
    time: entry.time.toISOString(),
    id: entry.id,
    remote: entry.address,
    method: entry.method,
    path: entry.path,
    protocol: entry.protocol,
    status: entry.status,
    bytes: entry.sent,
    durationMs: Math.round(entry.milliseconds * 1_000) / 1_000,
    referer: entry.referer,
    userAgent: entry.userAgent,
    ...(entry.isCutOff && { cutOff: true }),
  });
}

function jsonRefusal({ remoteAddress, status, reason, section }: Refusal, time: Date): string {
  return json({
    time: time.toISOString(),
    remote: remoteAddress.address,
    status: status || undefined,
    refused: reason,
    section,
  });
}

/** In ASCII: other characters may be commands to a terminal. */
function json(entry: object): string {
  return JSON.stringify(entry).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
