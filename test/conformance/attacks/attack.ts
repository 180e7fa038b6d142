/** The vocabulary of the tables in this folder: what an attack sends, and what has to come of it. */

/** One status, or the ones among which the RFC leaves the choice. */
export type Status = number | readonly number[];

export interface Outcome {
  /** The final answers, in order; there must be as many, no more. */
  readonly answers: readonly Status[];
  /** What reaches the handler, `METHOD target`, in order: nothing more, nothing less. */
  readonly handled: readonly string[];
  /** Whether the server ends the connection, or has to answer the next request on it. */
  readonly connection: 'open' | 'closed';
  /** The answer went out before the fault was found, so it can't have said that it would be the last. */
  readonly isAnsweredEarly?: boolean;
  /** The content of the first answer, one character an octet. */
  readonly content?: string;
  /** The handler may see the request, but must never take its content for complete. */
  readonly refusesContent?: boolean;
}

/** A row is one class of attacks. With `each`, the other members may depend on the variant. */
export interface Attack {
  /** An assertion, with the section in front where one applies. */
  readonly title: string;
  /** What the attack is called. */
  readonly attack: string;
  /** Who fell for it, as far as it is publicly known, or who described it. */
  readonly seen: string;
  readonly each?: readonly string[];
  readonly raw: string | ((variant: string) => string);
  readonly outcome: Outcome | ((variant: string) => Outcome);
  /** The client ends its side behind the message: for those after which a server may wait for more. */
  readonly finish?: boolean;
}

/** What every attack tries to have answered. */
export const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';

/** A 4xx or 5xx, `Connection: close` and a FIN, and the handler sees nothing of it. */
export function refused(...status: number[]): Outcome {
  return { answers: [status.length === 0 ? 400 : status], handled: [], connection: 'closed' };
}

/** The same for a fault in the content: the handler has the request by then, but never all of its content. */
export function contentRefused(handled: string, ...status: number[]): Outcome {
  return {
    answers: [status.length === 0 ? 400 : status],
    handled: [handled],
    connection: 'closed',
    refusesContent: true,
  };
}

/** 200 to this one request, and the next one begins where client and server agree that it does. */
export function served(handled: string, content?: string): Outcome {
  return {
    answers: [200],
    handled: [handled],
    connection: 'open',
    ...(content === undefined ? {} : { content }),
  };
}

/** 200 to this one request, and it was the last. */
export function servedLast(handled: string, content?: string): Outcome {
  return { ...served(handled, content), connection: 'closed' };
}
