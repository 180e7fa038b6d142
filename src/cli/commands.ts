/** The words that are commands and not folders, with what they do. A folder with such a name is written `./demo`. */
export const COMMANDS = {
  demo: 'show what a request looks like',
  get: 'send a request, and show the connection',
  hash: 'make the hash of a password, for --auth',
  help: 'show the help page about a topic',
  trust: 'tell how to trust the certificates of --tls',
  completion: 'print a completion script for bash, zsh or fish',
  version: 'print the version',
} as const;

export type CommandName = keyof typeof COMMANDS;

export function isCommand(word: string | undefined): word is CommandName {
  return word !== undefined && Object.hasOwn(COMMANDS, word);
}

/** The shells that there is completion for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export function isShell(text: string): text is Shell {
  return (SHELLS as readonly string[]).includes(text);
}
