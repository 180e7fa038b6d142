/** Why tests that the runtime's own class passes fail with Serval's. */

interface Difference {
  readonly flavour: 'response' | 'request';
  readonly runtimes: readonly ('node' | 'bun' | 'deno')[];
  /** Parts of the file's path and of the test's name. */
  readonly file: string;
  readonly test: RegExp;
  readonly reason: string;
}

const ALL = ['node', 'bun', 'deno'] as const;

const DIFFERENCES: readonly Difference[] = [
  {
    flavour: 'request',
    runtimes: ALL,
    file: 'request-init-001',
    test: /^Check (referrer|referrerPolicy|mode|credentials|cache|redirect|integrity) init value/,
    reason: 'HTTP does not carry it: a request that was received has the default.',
  },
  {
    flavour: 'request',
    runtimes: ALL,
    file: 'request-init-stream',
    test: /^Constructing a Request with a stream holds the original object/,
    reason: "The stream of the constructor is the client's; the server makes one of the octets that arrive.",
  },
  {
    flavour: 'response',
    runtimes: ['bun'],
    file: 'response-stream-with-broken-then',
    test: /Object\.prototype\.then/,
    reason:
      'A class written in JavaScript reads by promises of { done, value }, and these look up `then`; the own class of Bun does not.',
  },
];

export function reasonFor(runtime: string, flavour: string, file: string, test: string): string | undefined {
  return DIFFERENCES.find(
    (difference) =>
      difference.flavour === flavour &&
      difference.runtimes.some((name) => name === runtime) &&
      file.includes(difference.file) &&
      difference.test.test(test),
  )?.reason;
}
