/** What `npm run bench -- --help` prints. */
import { CASES } from './cases.ts';
import { KNOWN_RUNTIMES } from './runtimes.ts';
import { SERVERS } from './servers.ts';

export function helpText(): string {
  const cases = CASES.map(({ id, title }) => `  ${id.padEnd(16)} ${title}`).join('\n');
  const peers = SERVERS.map(({ id }) => id).join(', ');
  return `Measures Serval beside other servers, and beside minimal servers that show the cost of the machine and the runtime.

  npm run bench                                     everything, about half an hour; --list shows the plan
  npm run bench -- --quick                          hello, hello-pipelined and file-small in under two minutes
  npm run bench -- --case hello --peers bare,node-http --runtimes node20,node24
  npm run bench -- --case json,headers --merge      measures these again and keeps the results of other cases
  npm run bench -- --case hello --against ../before another checkout of Serval (built), in the same rounds

Options
  --case a,b        only these cases
  --peers a,b       Serval and these; "none" is Serval alone
  --runtimes a,b    run Serval, bare and node-http on each of these; the first Node also runs the npm peers.
                    ${KNOWN_RUNTIMES.join(', ')}, or name=/path/to/binary (the name begins with node, bun or deno)
  --rounds N        default 5, with --quick 2; servers for context run at most 3 rounds
  --merge           keep the other cases in bench/results/latest.json
  --shared          count samples although other processes used the cores; not for published results
  --list            print the plan and its duration, and measure nothing
  --against <dir>   measure dist/ of another checkout as well
  --results <dir>   instead of bench/results
  --warm-up N       seconds of warm-up, default 2, with --quick 1
  --seconds N       counted seconds, default 4, with --quick 3

Cases
${cases}

Peers
  ${wrap(peers)}

Figures of different runs are not comparable. Each figure is a ratio of two servers in the same round; the table has the
median of the rounds' ratios and their range. CPU is user and system time of the server's whole process tree, divided by
the number of requests. It needs two idle cores: core 0 for the server, core 1 for the load generator. It writes
latest.json, latest.md and the charts (*.svg).
`;
}

function wrap(text: string): string {
  return text.replace(/(.{80,110}), /g, '$1,\n  ');
}
