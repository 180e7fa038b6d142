/**
 * The `ts` blocks of README.md and `docs/`.
 *
 * Comments on the lines before a block say what it needs: `<!-- declare NAME: TYPE = VALUE -->` for a name that it uses and does not
 * declare (without the value, if it is not run), and `<!-- not run: WHY -->` for a block that cannot be run in a test. Blocks below
 * `<!-- source: … -->` are pieces of the sources, and no examples.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const BLOCK = /((?:^<!-- (?:declare|not run:|source:) [^\n]* -->\n)*)^```ts\n(.*?)^```$/gms;

export interface Example {
  /** `OPERATING-2`, the second block of its page. */
  readonly name: string;
  readonly code: string;
  readonly isRun: boolean;
}

export function examplesOfDocs(): Example[] {
  const pages = [
    'README.md',
    ...readdirSync(join(ROOT, 'docs'), { recursive: true }).map((name) => `docs/${name}`),
  ];
  return pages.filter((page) => page.endsWith('.md')).flatMap(examplesOf);
}

function examplesOf(page: string): Example[] {
  const prefix = page.replace(/^docs\//, '').replaceAll('/', '-');
  return [...readFileSync(join(ROOT, page), 'utf8').matchAll(BLOCK)]
    .filter(([, comments = '']) => !comments.includes('<!-- source:'))
    .map(([, comments = '', code = ''], index) => {
      const declared = [...comments.matchAll(/^<!-- declare (.*) -->$/gm)].map(
        ([, name = '']) => `${name.includes(' = ') ? '' : 'declare '}const ${name};\n`,
      );
      return {
        name: `${basename(prefix, '.md')}-${index + 1}`,
        code: `${declared.join('')}${code}\nexport {};\n`,
        isRun: !comments.includes('<!-- not run:'),
      };
    });
}
