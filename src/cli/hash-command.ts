/** `serval hash [name]`: reads a password without showing it, and returns its hash. */
import { hashPassword, normalPassword } from '../site/access/password-hash.ts';
import { PasswordPrompt } from './password-prompt.ts';

/** Longer than any typed password; a longer input is a file that was piped in by mistake. */
const MAX_PASSWORD_BYTES = 1024;

/**
 * Prompts on a terminal, on standard error so that `$(serval hash)` works; otherwise reads one line from standard input.
 *
 * @throws {TypeError} whose message is for the user.
 */
export async function hashCommand(user: string | undefined): Promise<string> {
  const { stdin, stderr } = process;
  const password = stdin.isTTY ? await ask(new PasswordPrompt(stdin, stderr), user) : await readLine(stdin);
  const hash = await hashPassword(password);
  return user === undefined ? hash : `${user.normalize('NFC')}:${hash}`;
}

async function ask(prompt: PasswordPrompt, user: string | undefined): Promise<string> {
  const password = await prompt.ask(user === undefined ? 'Password: ' : `Password for ${user}: `);
  normalPassword(password);
  if ((await prompt.ask('Repeat it: ')) !== password) throw new TypeError('the two passwords differ');
  return password;
}

async function readLine(input: NodeJS.ReadStream): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of input) {
    const buffer = Buffer.from(piece);
    bytes += buffer.length;
    if (bytes > MAX_PASSWORD_BYTES)
      throw new TypeError(`password: expected at most ${MAX_PASSWORD_BYTES} bytes`);
    pieces.push(buffer);
  }
  // `echo` appends a line feed. One inside the password is refused later as a control character.
  return Buffer.concat(pieces)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}
