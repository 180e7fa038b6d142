/** The vocabulary of the raw cases: what a row says. */

/** One status, or the ones among which the RFC or PROTOCOL leaves the choice. */
export type Status = number | readonly number[];

export interface Expectation {
  /** The final answers, in order; there must be as many, no more. */
  readonly answers: readonly Status[];
  /** Whether the server closes afterwards, or must serve the next request on the connection. */
  readonly connection: 'open' | 'closed' | 'either';
  /** The content of the first answer, as UTF-8; or what it must contain, where the rest is of no interest. */
  readonly content?: string | { readonly contains: string };
  /** `none`: the handler must not see the request; `content`: it may, but must never get the content as complete. */
  readonly refuses?: 'head' | 'content';
}

/** A row is one requirement. With `each`, `raw` is called with each of the variants that break or keep it. */
export interface RawCase {
  /** An assertion, with the section in front: it becomes a line of the conformance report. */
  readonly title: string;
  readonly each?: readonly string[];
  readonly raw: string | ((variant: string) => string);
  readonly expect: Expectation | ((variant: string) => Expectation);
  readonly methods?: readonly string[];
  /** The client ends its side behind the message. */
  readonly finish?: boolean;
}

/** `400c`: a whole 4xx with `Connection: close` and a FIN, and the handler saw nothing. */
export function refused(...status: number[]): Expectation {
  return { answers: [status.length === 0 ? 400 : status], connection: 'closed', refuses: 'head' };
}

/** The same for a fault in the content: by then the handler may have been called. */
export function contentRefused(...status: number[]): Expectation {
  return { answers: [status.length === 0 ? 400 : status], connection: 'closed', refuses: 'content' };
}

/** 200, and the connection serves the next request: the server and the client agree where the message ended. */
export function served(content?: Expectation['content']): Expectation {
  return { answers: [200], connection: 'open', ...(content === undefined ? {} : { content }) };
}
