/** The reviewed disagreements as `docs/FUZZING.md` has them; a test compares the two. */
import { KNOWN_DISAGREEMENTS } from './known-disagreements.ts';

export function disagreementsTable(): string {
  const rows = KNOWN_DISAGREEMENTS.map(
    ({ name, example, section, sentence }) => `| ${name} | ${code(example)} | ${section}: ${sentence} |`,
  );
  return ['| class | example | what decides |', '|---|---|---|', ...rows].join('\n');
}

/** In a table cell a `|` ends the cell, in code as well. */
function code(example: string): string {
  const text = JSON.stringify(example)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replace(/[\x7f-\xff]/g, (octet) => `\\x${octet.charCodeAt(0).toString(16)}`)
    .replaceAll('|', '\\|');
  return `\`${text}\``;
}
