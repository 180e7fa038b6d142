import { withoutControls } from './printable.ts';

export function print(text: string): void {
  process.stdout.write(text);
}

/** Prints one line on standard error. */
export function complain(message: string): void {
  process.stderr.write(`serval: ${withoutControls(message)}\n`);
}
