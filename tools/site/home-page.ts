/** The first page of the site, made from README.md: what it says there is said here, and no figure has a second copy. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param linked gives the links of README.md the form that the site needs. */
export function homePage(root: string, linked: (text: string) => string): string {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const parts: Record<string, string> = {
    title: part(readme, /^# Serval\n\nServal is (an? [^.]*)\./).replace(/^\w/, (letter) =>
      letter.toUpperCase(),
    ),
    lead: part(readme, /^# Serval\n\n[^.]*\. ([\s\S]*?)\n\n- /)
      .replace(/^It /, 'Serval ')
      .replace(/\n/g, ' '),
    reasons: part(readme, /\n\n(- \*\*[\s\S]*?)\n\nServal runs on/).replace(REASON, headed),
    runtimes: part(readme, /\n\n(Serval runs on [\s\S]*?)\n\n## /),
    example: part(readme, /## The API\n\n(```ts\n[\s\S]*?\n```)/),
    measured: part(readme, /## Measured\n\n([\s\S]*?)\n\n\|/),
    figures: part(readme, /## Measured\n\n[\s\S]*?\n\n(\|[\s\S]*?)\n\n/),
    commands: part(readme, /## The command line\n\n([\s\S]*?)\n\n[A-Z]/).replace(/^ {4}/gm, ''),
  };
  const template = readFileSync(join(root, 'site/home.md'), 'utf8');
  return template.replace(/<!-- README: (\w+) -->/g, (_whole, name: string) => {
    const text = parts[name];
    if (text === undefined) throw new Error(`site/home.md: README.md has no part "${name}"`);
    return linked(text);
  });
}

function part(readme: string, pattern: RegExp): string {
  const [, text] = pattern.exec(readme) ?? [];
  if (text === undefined) throw new Error(`tools/site/home-page.ts: README.md has no ${pattern}`);
  return text;
}

/** `- **If …** (…): it is …` */
const REASON = /^- \*\*(.*?)\*\*( \([^)]*\))?: (\[?.)/gm;

const headed = (_whole: string, reason: string, such: string | undefined, letter: string): string =>
  `- **${reason}${such ?? ''}** ${letter.toUpperCase()}`;
