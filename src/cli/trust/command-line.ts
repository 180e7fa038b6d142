/** A command as it can be pasted into a shell. */
export function commandLine(command: readonly string[], needsRoot = false): string {
  const words = command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `"${word}"`));
  return `${needsRoot ? 'sudo ' : ''}${words.join(' ')}`;
}
