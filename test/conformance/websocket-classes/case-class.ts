/** A class of cases for WebSocket servers that send each message back, and how a case is written. */
import { CLOSE, closeFrame, codeOf, type FramePeer } from '../../websocket/frame-peer.ts';
import { inflated, RSV1 } from './compression.ts';

export interface ServerFrame {
  readonly opcode: number;
  readonly payload: Uint8Array;
}

export interface EchoCase {
  readonly name: string;
  /** What the client sends, in pieces that are each written alone. */
  readonly pieces: () => Iterable<Uint8Array>;
  /** What comes back, in this order. */
  readonly answers: readonly ServerFrame[];
  /** The code of the close that the server sends then; `undefined`: the client closes with 1000, and gets 1000. */
  readonly closes?: number;
  /** The extensions that the client offers. */
  readonly offer?: string;
  /** Of the answers, in bits. */
  readonly window?: number;
}

export interface CaseClass {
  /** As the suite of Autobahn counts them. */
  readonly number: string;
  readonly title: string;
  /** For the table. */
  readonly means: string;
  readonly cases: readonly EchoCase[];
}

/** @throws {Error} saying what came instead. */
export async function runCase(
  peer: FramePeer,
  { pieces, answers, closes, window }: EchoCase,
  write: (piece: Uint8Array) => Promise<void>,
): Promise<void> {
  const read = readAnswers(peer, answers, window);
  read.catch(() => {});
  for (const piece of pieces()) await write(piece);
  await read;
  if (closes === undefined) peer.send(closeFrame(1000));
  const close = await peer.next();
  if (close === undefined) throw new Error('the server ended without a close frame');
  const code = close.opcode === CLOSE ? codeOf(close) : undefined;
  if (code !== (closes ?? 1000))
    throw new Error(`expected a close with ${closes ?? 1000}, got ${code ?? close.opcode}`);
  await peer.ended;
}

async function readAnswers(peer: FramePeer, answers: readonly ServerFrame[], window = 15): Promise<void> {
  for (const { opcode, payload } of answers) {
    const got = await peer.next();
    if (got === undefined) throw new Error('the server ended before its answers');
    const content = got.reserved === RSV1 ? inflated(got.payload, window) : got.payload;
    if (got.opcode !== opcode || !content.equals(payload))
      throw new Error(
        `expected ${opcode} with ${payload.length} bytes, got ${got.opcode} with ${content.length}`,
      );
  }
}
