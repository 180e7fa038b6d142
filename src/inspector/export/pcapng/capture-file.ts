/**
 * Recorded exchanges as a capture file in the format pcapng, which Wireshark opens.
 *
 * The server has seen octets, decrypted, and when they passed. Packets, handshakes and acknowledgements are made up around them.
 */
import { Buffer } from 'node:buffer';
import type { ConnectionRecord } from '../../recorder/connection-record.ts';
import type { ExchangeRecord } from '../../recorder/exchange-record.ts';
import type { Shown } from '../../wording/redaction.ts';
import type { Selection } from '../selection.ts';
import {
  decryptionSecrets,
  enhancedPacket,
  interfaceDescription,
  type Packet,
  sectionHeader,
} from './blocks.ts';
import { type ConnectionEnds, connectionEnds } from './connection-ends.ts';
import { Conversation } from './conversation.ts';
import { http1Pieces } from './http1-pieces.ts';
import { http2Pieces } from './http2-pieces.ts';

/** Characters. An option of a block has 16 bits for its length in octets. */
const MOST_COMMENT = 4_000;

/** What has happened on a connection, at its place in time. */
interface Event {
  readonly at: number;
  /** Before others of the same time: the handshake, then the client's octets. */
  readonly rank: number;
  /** Of the octets of a side. */
  readonly offset: number;
  packets(): Iterable<Packet>;
}

/** @param application who writes the file. @returns the file in pieces. */
export function* captureFile(selection: Selection, shown: Shown, application: string): Generator<Uint8Array> {
  yield sectionHeader(application, explanation(shown));
  yield interfaceDescription(
    'serval',
    'HTTP as the server has seen it, decrypted, in packets that are made up',
  );
  const keys = shown.secrets ? keyLines(selection) : [];
  if (keys.length > 0) yield decryptionSecrets(Buffer.concat(keys));
  const events = [...conversations(selection)].flatMap((entry) => eventsOf(entry, selection, shown));
  // The latest first: each is taken from the end, and lets go of its octets.
  events.sort((one, other) => other.at - one.at || other.rank - one.rank || other.offset - one.offset);
  for (let event = events.pop(); event !== undefined; event = events.pop())
    for (const packet of event.packets()) yield enhancedPacket(packet);
}

function explanation({ secrets, bodies }: Shown): string {
  const sentences = [
    'Written by the inspector of Serval. The octets are those that the server received and sent, after decryption, with the times of its reads and writes. The packets around them are made up.',
    'Header blocks of HTTP/2 are encoded anew as literals, so their frames have other lengths than on the wire.',
    'A message of which not all octets were kept stands in one packet that is cut short.',
  ];
  if (!secrets)
    sentences.push('Values of fields and of the query whose names sound secret are hidden: asterisks.');
  if (!bodies) sentences.push('Content is hidden: asterisks.');
  return sentences.join('\n');
}

interface Kept {
  readonly id: number;
  /** Its record may have made room for others. */
  readonly connection: ConnectionRecord | undefined;
  readonly exchanges: ExchangeRecord[];
}

/** Connections with the exchanges of each. */
function conversations({ connections, exchanges }: Selection): Iterable<Kept> {
  const byId = new Map<number, Kept>();
  for (const connection of connections) {
    const { id } = connection.row;
    byId.set(id, { id, connection, exchanges: [] });
  }
  for (const record of exchanges) {
    const id = record.row.connection;
    const known = byId.get(id);
    if (known !== undefined) known.exchanges.push(record);
    else byId.set(id, { id, connection: undefined, exchanges: [record] });
  }
  return byId.values();
}

function eventsOf({ id, connection, exchanges }: Kept, { epoch }: Selection, shown: Shown): Event[] {
  const timeOf = (at: number): number => Math.round((epoch + at) * 1_000);
  const isHttp2 = connection?.streams !== undefined || exchanges.some(({ row }) => row.stream !== 0);
  const ends = connectionEnds(connection, id, isHttp2);
  const conversation = new Conversation(ends.client, ends.server);
  const pieces = isHttp2 ? http2Pieces(connection, exchanges, shown) : http1Pieces(exchanges, shown);
  const events: Event[] = pieces.map((piece) => ({
    at: piece.at,
    rank: piece.side === 'client' ? 1 : 2,
    offset: piece.offset,
    packets: () =>
      conversation.pass(piece.side, { ...piece, time: timeOf(piece.at), octets: piece.octets() }),
  }));
  const openedAt = connection?.row.openedAt ?? Math.min(...exchanges.map(({ row }) => row.arrivedAt));
  const comment = connectionComment(id, connection, ends);
  events.push(eventAt(openedAt, 0, () => conversation.open(timeOf(openedAt), comment)));
  const { closedAt } = connection?.row ?? {};
  const { peerEndedAt, brokenBy } = connection ?? {};
  if (peerEndedAt !== undefined)
    events.push(eventAt(peerEndedAt, 3, () => conversation.end('client', timeOf(peerEndedAt))));
  if (closedAt === undefined) return events;
  events.push(
    eventAt(closedAt, 4, function* () {
      if (brokenBy !== undefined) return yield* conversation.reset(brokenBy, timeOf(closedAt));
      for (const side of ['server', 'client'] as const) yield* conversation.end(side, timeOf(closedAt));
    }),
  );
  return events;
}

const eventAt = (at: number, rank: number, packets: () => Iterable<Packet>): Event => ({
  at,
  rank,
  offset: 0,
  packets,
});

function connectionComment(
  id: number,
  connection: ConnectionRecord | undefined,
  { remark }: ConnectionEnds,
): string {
  const { tls, ending } = connection?.row ?? {};
  const sentences = [`Connection #${id}.`];
  if (tls !== undefined) sentences.push(`${tls.protocol}, ${tls.cipher}.`);
  if (remark !== undefined) sentences.push(remark);
  if (ending !== undefined) sentences.push(`Its end: ${ending}`);
  return sentences.join(' ').slice(0, MOST_COMMENT);
}

function keyLines({ connections }: Selection): Uint8Array[] {
  return connections.flatMap((connection) => connection.keyLines);
}
