/** What is asked under load, and what has to come back: made once, so that asking costs nothing. */
import { type Asked, asked } from '../../support/checking-client.ts';
import { contentOf } from './contents.ts';

/** How many different texts there are. */
const TEXTS = 256;
/** One request in so many takes its time. */
const ONE_IN = { echo: 8, slow: 400, stream: 400 };

export interface Mix {
  /** Answers that come piece by piece: once begun, no balancer can ask for them again. */
  readonly streams: boolean;
}

/** @returns the request with this number. The same number gives the same request. */
export function requestMix({ streams }: Mix): (number: number) => Asked {
  const numbers = Array.from({ length: TEXTS }, (_, number) => number);
  const texts = numbers.map((number) => asked('GET', `/text/${number}`, contentOf(number)));
  const echoes = numbers.map((number) => asked('POST', '/echo', contentOf(number), contentOf(number)));
  const slow = numbers.map((number) => asked('GET', `/slow/${number}`, contentOf(number)));
  const streamed = numbers.map((number) => asked('GET', `/stream/${number}`, contentOf(number)));
  return (number) => {
    const at = number % TEXTS;
    if (number % ONE_IN.slow === 7) return slow[at]!;
    if (streams && number % ONE_IN.stream === 207) return streamed[at]!;
    return number % ONE_IN.echo === 3 ? echoes[at]! : texts[at]!;
  };
}
