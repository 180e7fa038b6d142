/**
 * The frames that manage a connection: SETTINGS, PING, WINDOW_UPDATE and PRIORITY (RFC 9113 §6). Each method takes a frame and
 * returns its error, or `undefined`.
 */
import type { AbuseGuard } from './abuse.ts';
import { HTTP2_ERRORS, type Http2Error } from './errors.ts';
import { ACK } from './frame/frame-types.ts';
import { writePing, writeSettingsAck } from './frame/frame-writer.ts';
import { PeerSettings, SETTING_OCTETS } from './frame/settings.ts';
import { uint31 } from './frame/uint32.ts';
import type { Http2Limits } from './limits.ts';
import type { Sender } from './sender.ts';
import type { Inflow } from './stream/inflow.ts';
import type { Streams } from './stream/streams.ts';

/** The role of this end of the connection. */
export type Role = 'server' | 'client';

/** The parts of a connection. */
export interface ConnectionParts {
  readonly limits: Http2Limits;
  readonly streams: Streams;
  readonly sender: Sender;
  readonly inflow: Inflow;
  readonly guard: AbuseGuard;
}

export class ControlFrames {
  readonly peer: PeerSettings;
  settingsAreAcknowledged = false;
  /** Frames in the output that answer frames of the peer. Their number is limited, in case the peer does not read. */
  #answers = 0;
  readonly #parts: ConnectionParts;

  constructor(parts: ConnectionParts, role: Role) {
    this.peer = new PeerSettings(role === 'client');
    this.#parts = parts;
  }

  onSettings(flags: number, octets: Uint8Array, start: number, end: number): Http2Error | undefined {
    const { limits, streams, sender, inflow, guard } = this.#parts;
    const { peer } = this;
    if ((flags & ACK) !== 0) {
      if (start !== end) return HTTP2_ERRORS.SettingsAckLength;
      if (!this.settingsAreAcknowledged) inflow.onSettingsAck(streams.all());
      this.settingsAreAcknowledged = true;
      return guard.note('settings');
    }
    if (end - start > limits.settingsInFrame * SETTING_OCTETS) return HTTP2_ERRORS.TooManySettings;
    const windowBefore = peer.initialWindow;
    const error = guard.note('settings') ?? peer.receive(octets, start, end);
    if (error !== undefined) return error;
    // RFC 9113 §6.9.2: the windows of streams change by the difference, even below zero. The window of the connection does not.
    const difference = peer.initialWindow - windowBefore;
    if (difference !== 0) {
      for (const stream of streams.all())
        if (!sender.enlarge(stream, difference)) return HTTP2_ERRORS.InitialWindowOverflow;
    }
    sender.encoder.setLimit(peer.leastHeaderTableSize);
    sender.encoder.setLimit(peer.headerTableSize);
    writeSettingsAck(sender.out);
    return this.countAnswer();
  }

  /** PING without ACK (RFC 9113 §6.7). */
  onPing(octets: Uint8Array, start: number): Http2Error | undefined {
    const { sender, guard } = this.#parts;
    const tooMany = guard.note('pings');
    if (tooMany !== undefined) return tooMany;
    writePing(sender.out, ACK, octets, start);
    return this.countAnswer();
  }

  onWindowUpdate(id: number, octets: Uint8Array, start: number): Http2Error | undefined {
    const { streams, sender, guard } = this.#parts;
    const tooMany = guard.note('windowUpdates');
    if (tooMany !== undefined) return tooMany;
    const increment = uint31(octets, start);
    if (id === 0) {
      if (increment === 0) return HTTP2_ERRORS.ConnectionIncrementZero;
      return sender.enlargeAll(increment) ? undefined : HTTP2_ERRORS.ConnectionWindowOverflow;
    }
    const stream = streams.get(id);
    if (stream === undefined) return streams.isIdle(id) ? HTTP2_ERRORS.FrameOnIdleStream : undefined;
    if (increment === 0) return HTTP2_ERRORS.StreamIncrementZero;
    return sender.enlarge(stream, increment) ? undefined : HTTP2_ERRORS.StreamWindowOverflow;
  }

  /** PRIORITY is deprecated: only a dependency on itself is an error (RFC 9113 §5.3.2, RFC 7540 §5.3.1). */
  onPriority(id: number, octets: Uint8Array, start: number): Http2Error | undefined {
    if (uint31(octets, start) === id) return HTTP2_ERRORS.SelfDependency;
    return this.#parts.guard.note('priorities');
  }

  /** Counts a frame that answers a frame of the peer. */
  countAnswer(): Http2Error | undefined {
    const { limits } = this.#parts;
    return ++this.#answers > limits.waitingControlFrames ? HTTP2_ERRORS.TooManyAcknowledgements : undefined;
  }

  /** The caller has taken the output. */
  onOutput(): void {
    this.#answers = 0;
  }
}
