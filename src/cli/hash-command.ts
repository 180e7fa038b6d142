/** `serval hash [name]`: from a password to its hash, without the password being seen anywhere. */
import { hashPassword, normalPassword } from '../site/access/password-hash.ts';
import { PasswordPrompt } from './password-prompt.ts';

/** Longer than anybody types; a file piped in by mistake is none. */
const MAX_PASSWORD_OCTETS = 1024;

/**
 * Asks on the terminal, with the questions on standard error so that `$(serval hash)` works; or reads one line from a
 * pipe.
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
  if ((await prompt.ask('Once more: ')) !== password)
    throw new TypeError('these were two different passwords');
  return password;
}

async function readLine(input: NodeJS.ReadStream): Promise<string> {
  const pieces: Buffer[] = [];
  let octets = 0;
  for await (const piece of input) {
    const buffer = Buffer.from(piece);
    octets += buffer.length;
    if (octets > MAX_PASSWORD_OCTETS) {
      throw new TypeError(`a password has at most ${MAX_PASSWORD_OCTETS} octets`);
    }
    pieces.push(buffer);
  }
  // `echo` ends its line; a line feed that belongs to a password is refused as a control character.
  return Buffer.concat(pieces)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}
