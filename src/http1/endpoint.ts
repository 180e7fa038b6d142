/**
 * One end of a connection, without a socket: what a server and a client have in common. Exchanges follow one another, and
 * the endpoint knows at every moment whether another may follow (RFC 9112 §9).
 */

import type { Rejection } from '../octets/rejection.ts';
import type { FieldSection } from '../semantics/field-section.ts';
import { ContentEncoder } from './content/content-encoder.ts';
import { type Framing, NO_CONTENT } from './content/framing.ts';
import type { MessageDecoder } from './message-decoder.ts';

export abstract class Endpoint<Decoder extends MessageDecoder> {
  /** How the message of the current exchange that this end sends is framed. */
  framing: Framing = NO_CONTENT;
  /** How many requests there have been on the connection: received with their whole head, or begun to be sent. */
  requestCount = 0;

  protected isRequestDone = true;
  protected isResponseDone = true;
  /** Once false, it stays false. */
  protected mayPersist = true;
  protected readonly decoder: Decoder;

  constructor(decoder: Decoder) {
    this.decoder = decoder;
  }

  receive(octets: Uint8Array): void {
    this.decoder.receive(octets);
  }

  /** Copies the octets that have not been decoded: the memory of those received may be reused. */
  keep(): void {
    this.decoder.keep();
  }

  get content(): Uint8Array {
    return this.decoder.content;
  }

  get trailers(): FieldSection {
    return this.decoder.trailers;
  }

  get rejection(): Rejection {
    return this.decoder.rejection!;
  }

  /** Octets received and not decoded. */
  get buffered(): number {
    return this.decoder.buffered;
  }

  /** Bytes of received content that have not been decoded; Infinity if the head does not say how many follow. */
  get contentRemaining(): number {
    return this.decoder.contentRemaining;
  }

  get requestIsComplete(): boolean {
    return this.isRequestDone;
  }

  get responseIsComplete(): boolean {
    return this.isResponseDone;
  }

  /** No exchange is in progress. */
  get isIdle(): boolean {
    return this.isRequestDone && this.isResponseDone;
  }

  /** Whether another exchange may follow the current one. Final once the head of the response is known. */
  get persists(): boolean {
    return this.mayPersist;
  }

  /** Frames the content that this end sends in the current exchange, piece by piece. */
  contentEncoder(): ContentEncoder {
    return new ContentEncoder(this.framing);
  }

  /** Ends the connection: nothing more is decoded, and no message begins. */
  close(): void {
    this.mayPersist = false;
    this.isRequestDone = true;
    this.isResponseDone = true;
    this.decoder.stop();
  }

  /** Leaves the connection to another protocol. @returns the octets of that protocol that have been received. */
  handOver(): Uint8Array {
    this.mayPersist = false;
    return this.decoder.stop();
  }
}
