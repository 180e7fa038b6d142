/** `serval trust`: how to trust the certificates of `--tls` on this machine. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { developmentCertificate } from '../../tls/development/development-certificate.ts';
import { type TrustStep, trusting } from '../../tls/development/trust.ts';

/** @returns the text for standard output. */
export async function trustText(): Promise<string> {
  const { authorityFile, fingerprint } = await developmentCertificate();
  const { install, remove } = trusting(process.platform, authorityFile, homedir(), isInstalled);
  return [
    'Certificates of "serval --tls" are signed by an authority of your own:',
    `  ${authorityFile}`,
    `  SHA-256 ${fingerprint}`,
    'To trust it:',
    ...install.map(lineOf),
    'For curl use --cacert, for Node NODE_EXTRA_CA_CERTS.',
    'To undo that:',
    ...remove.map(lineOf),
    '',
  ].join('\n');
}

function lineOf({ what, command, advice, needsRoot }: TrustStep): string {
  if (command === undefined) return `  ${what}: ${advice}`;
  const words = command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `"${word}"`));
  return `  ${what}: ${needsRoot ? 'sudo ' : ''}${words.join(' ')}`;
}

function isInstalled(program: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => folder !== '' && existsSync(join(folder, program)));
}
