/** The WebSocket to the inspector. It connects again when it was lost. */
import type { Notice, Question } from '../messages.ts';

const RETRY_MS = 1_000;

export type FeedState = 'connecting' | 'live' | 'lost';

/** @typeParam Heard what it sends. */
export class Feed<Heard = Notice> {
  readonly #onNotice: (notice: Heard) => void;
  readonly #onState: (state: FeedState) => void;
  #socket: WebSocket | undefined;

  constructor(onNotice: (notice: Heard) => void, onState: (state: FeedState) => void) {
    this.#onNotice = onNotice;
    this.#onState = onState;
    this.#connect();
  }

  ask(question: Question): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(question));
  }

  #connect(): void {
    const url = new URL('feed', location.href);
    url.protocol = 'ws:';
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.onopen = () => this.#onState('live');
    socket.onmessage = ({ data }) => this.#onNotice(JSON.parse(String(data)) as Heard);
    socket.onclose = () => {
      this.#onState('lost');
      setTimeout(() => this.#connect(), RETRY_MS);
    };
  }
}
