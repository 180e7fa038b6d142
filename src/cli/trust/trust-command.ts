/** `serval trust`: how to trust the certificates of `--tls` on this machine. `--install` does it. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { developmentCertificate } from '../../tls/development/development-certificate.ts';
import { nssStores } from '../../tls/development/nss-stores.ts';
import { trusting } from '../../tls/development/trust.ts';
import type { Trusting, TrustStep } from '../../tls/development/trust-step.ts';
import { FAILED } from '../exit-codes.ts';
import { print } from '../output.ts';
import { commandLine } from './command-line.ts';
import { installTrust } from './install-trust.ts';

/** @returns the exit code. */
export async function trustCommand(installs: boolean): Promise<number> {
  const { authorityFile, fingerprint } = await developmentCertificate();
  const home = homedir();
  const stores = nssStores(home);
  const steps = trusting(authorityFile, { platform: process.platform, home, has: isInstalled, stores });
  print(`Certificates of "serval --tls" are signed by an authority of your own:
  ${authorityFile}
  SHA-256 ${fingerprint}
`);
  if (!installs) {
    print(instructions(steps));
    return 0;
  }
  return installTrust(steps.install) ? 0 : FAILED;
}

function instructions({ install, remove }: Trusting): string {
  return [
    'To trust it, use "serval trust --install", or:',
    ...install.map(lineOf),
    'For curl use --cacert, for Node NODE_EXTRA_CA_CERTS.',
    'To undo that:',
    ...remove.map(lineOf),
    '',
  ].join('\n');
}

function lineOf({ what, command, advice, needsRoot }: TrustStep): string {
  return `  ${what}: ${command === undefined ? advice : commandLine(command, needsRoot)}`;
}

function isInstalled(program: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => folder !== '' && existsSync(join(folder, program)));
}
