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
