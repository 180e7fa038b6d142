/** What `npm run bench -- --help` prints. */
import { CASES } from './cases.ts';
import { KNOWN_RUNTIMES } from './runtimes.ts';
import { SERVERS } from './servers.ts';

export function helpText(): string {
  const cases = CASES.map(({ id, title }) => `  ${id.padEnd(16)} ${title}`).join('\n');
  const peers = SERVERS.map(({ id }) => id).join(', ');
  return `Measures Serval beside other servers, and beside the floors that the machine and the runtime set.

  npm run bench                                     everything, about half an hour; --list tells exactly
  npm run bench -- --quick                          hello, hello-pipelined and file-small in under two minutes
  npm run bench -- --case hello --peers bare,node-http --runtimes node20,node24
  npm run bench -- --case json,headers --merge      measures these again and keeps the other cases' results
  npm run bench -- --case hello --against ../before another checkout of Serval (built), in the same rounds

Options
  --case a,b        only these cases
  --peers a,b       Serval and these; "none" is Serval alone
  --runtimes a,b    run Serval, bare and node-http on each of these; the first Node is the one that npm peers run on.
                    ${KNOWN_RUNTIMES.join(', ')}, or name=/path/to/binary (the name begins with node, bun or deno)
  --rounds N        default 5, with --quick 2; servers that only give context run at most 3 rounds
  --merge           keep what bench/results/latest.json says about other cases
  --shared          let samples count although others used the cores: for a look, not for a record
  --list            print who would be measured and how long it would take, and measure nothing
  --against <dir>   measure dist/ of another checkout as well
  --results <dir>   instead of bench/results
  --warm-up N       seconds before it counts, default 2, with --quick 1
  --seconds N       seconds that count, default 4, with --quick 3

Cases
${cases}

Peers
  ${wrap(peers)}

How to read it: nothing is compared across runs. Each figure is a ratio of what two servers did in the same round; the table
has the median of the rounds' ratios and their range. CPU is user and system time of the server's whole process tree by
the number of requests. Two free cores are needed: the server has core 0, the load generator core 1, so let nothing else
run. It writes latest.json, latest.md and the charts (*.svg).
`;
}

function wrap(text: string): string {
  return text.replace(/(.{80,110}), /g, '$1,\n  ');
}
