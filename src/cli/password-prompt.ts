import type { ReadStream, WriteStream } from 'node:tty';

const INTERRUPT = '\x03';
const END = '\x04';

/** Reads a line from a terminal without echoing it. */
export class PasswordPrompt {
  readonly #input: Pick<ReadStream, 'setRawMode' | 'setEncoding' | 'resume' | 'pause' | 'on' | 'off'>;
  readonly #output: Pick<WriteStream, 'write'>;
  /** Text after the end of the line, when several lines were pasted: the next line begins with it. */
  #ahead = '';

  constructor(input: ReadStream, output: Pick<WriteStream, 'write'>) {
    this.#input = input;
    this.#output = output;
  }

  /** Ctrl-C rejects, which ends the program. */
  async ask(question: string): Promise<string> {
    this.#input.setEncoding('utf8');
    // Before the question, so that an answer that arrives early is not echoed either.
    this.#input.setRawMode(true);
    this.#output.write(question);
    try {
      return await this.#line();
    } finally {
      this.#input.setRawMode(false);
      this.#input.pause();
      this.#output.write('\n');
    }
  }

  #line(): Promise<string> {
    return new Promise((resolve, reject) => {
      const characters: string[] = [];
      const finish = (): void => {
        this.#input.off('data', onText);
        resolve(characters.join(''));
      };
      const onText = (text: string): void => {
        const typed = [...text];
        for (const [i, character] of typed.entries()) {
          switch (character) {
            case '\r':
            case '\n':
              this.#ahead = typed.slice(i + 1).join('');
              return finish();
            case END:
              return finish();
            case INTERRUPT:
              this.#input.off('data', onText);
              return reject(new TypeError('interrupted'));
            case '\x7f':
            case '\b':
              characters.pop();
              break;
            case '\x15': // Ctrl-U
              characters.length = 0;
              break;
            default:
              // Arrow keys and the like arrive as escape sequences, and are ignored.
              if (character === '\x1b') return;
              characters.push(character);
          }
        }
      };
      const ahead = this.#ahead;
      this.#ahead = '';
      this.#input.on('data', onText);
      this.#input.resume();
      if (ahead !== '') onText(ahead);
    });
  }
}
