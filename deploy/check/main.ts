/**
 * Checks the files of `deploy/` with the programs that read them:
 *
 *     npm run check:deploy                 with all installed programs
 *     npm run check:deploy -- nginx caddy  only these checks
 *     npm run check:deploy -- --list
 *
 * Prints `ok`, `not available` or `failed` for each. Exits with 1 when a check failed; a missing program is not a failure.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { activationCheck } from './activation.ts';
import { type Check, NotAvailable } from './check.ts';
import { dockerfileCheck } from './dockerfile-rules.ts';
import { imageCheck } from './image.ts';
import { kubernetesCheck } from './kubernetes.ts';
import { numbersCheck } from './numbers.ts';
import { probesCheck } from './probes.ts';
import { caddyCheck, haproxyCheck, nginxCheck } from './proxies.ts';
import { systemdCheck } from './systemd.ts';

const CHECKS: readonly Check[] = [
  haproxyCheck,
  nginxCheck,
  caddyCheck,
  systemdCheck,
  activationCheck,
  kubernetesCheck,
  dockerfileCheck,
  imageCheck,
  numbersCheck,
  probesCheck,
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { list: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
});
const unknown = positionals.filter((word) => !CHECKS.some(({ name }) => name === word));
if (unknown.length > 0) {
  console.error(`check:deploy: unknown check ${unknown.join(', ')}; known: ${names()}`);
  process.exit(2);
}
if (values.help) console.log(`npm run check:deploy [-- name …]; a name is one of ${names()}`);
else if (values.list) for (const { name, title } of CHECKS) console.log(`${name.padEnd(12)}${title}`);
else await checkAll();

function names(): string {
  return CHECKS.map(({ name }) => name).join(', ');
}

async function checkAll(): Promise<void> {
  const chosen = CHECKS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const scratch = mkdtempSync(join(tmpdir(), 'serval-deploy-'));
  try {
    for (const check of chosen) await checkOne(check, scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function checkOne({ name, title, run }: Check, scratch: string): Promise<void> {
  try {
    const notes = await run(mkdtempSync(join(scratch, `${name}-`)));
    console.log(`ok             ${name}: ${title}`);
    for (const note of notes) console.log(`               ${note}`);
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof NotAvailable) return console.log(`not available  ${name}: ${message}`);
    console.log(`failed         ${name}: ${title}\n${message.trim().replace(/^/gm, '               ')}`);
    process.exitCode = 1;
  }
}
