/** The octets of recorded exchanges over HTTP/1, for a capture file. */
import { Buffer } from 'node:buffer';
import type { ExchangeRecord } from '../../recorder/exchange-record.ts';
import type { MessageSide } from '../../wording/http1-message.ts';
import type { Shown } from '../../wording/redaction.ts';
import { starredMessage } from '../starred-message.ts';
import type { Piece } from './piece.ts';

export function http1Pieces(exchanges: readonly ExchangeRecord[], shown: Shown): Piece[] {
  return exchanges.flatMap((record) => [
    ...messagePieces(record, 'request', shown),
    ...messagePieces(record, 'response', shown),
  ]);
}

/**
 * A piece for each read or write. A message of which not all is kept is one piece, at the time of its first octets: readers of the file
 * wait in vain for the rest of a message that goes on in other packets, and name nothing of it.
 */
function messagePieces(record: ExchangeRecord, message: MessageSide, shown: Shown): Piece[] {
  const kept = record[message];
  if (kept.length === 0) return [];
  const side = message === 'request' ? 'client' : 'server';
  let starred: Buffer | undefined;
  const octets = (start: number, end: number) => () => {
    starred ??= Buffer.from(starredMessage(kept.text, message, shown), 'latin1');
    return starred.subarray(start, end);
  };
  const missing = kept.length - kept.kept;
  if (missing > 0) {
    const { row } = record;
    const began = message === 'request' ? row.arrivedAt : (row.answeredAt ?? row.endAt ?? row.headAt);
    const at = kept.writes[0]?.at ?? began;
    const comment = `Only the first ${kept.kept} of the ${kept.length} octets of this ${message} were kept.`;
    return [
      { side, at, offset: kept.offset, length: kept.length, octets: octets(0, kept.kept), missing, comment },
    ];
  }
  let from = 0;
  return kept.writes.map(({ at, length }) => {
    const start = from;
    from += length;
    return { side, at, offset: kept.offset + start, length, octets: octets(start, from), missing: 0 };
  });
}
