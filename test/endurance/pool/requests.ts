/** The requests of the load with their expected responses, made once, so that sending them costs little. */
import { type Asked, asked } from '../../support/checking-client.ts';
import { contentOf } from './contents.ts';

/** The number of different texts. */
const TEXTS = 256;
/** One request in this many is of the kind. */
const ONE_IN = { echo: 8, slow: 400, stream: 400 };

export interface Mix {
  /** Include responses in several pieces. A balancer cannot repeat a request whose response has begun. */
  readonly streams: boolean;
}

/** @returns a function from a number to its request; the same number gives the same request. */
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
