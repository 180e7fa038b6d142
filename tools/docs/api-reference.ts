/** The API reference in `docs/API.md`, made from the declarations and docstrings of what each entry of the package exports. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The order of the page. Entries of the package that are missing here come last. */
const ORDER = [
  '.',
  './files',
  './client',
  './websocket',
  './hono',
  './crossws',
  './compression',
  './tls',
  './acme',
];

export function apiPage(root: string): string {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    exports: Record<string, string | { default: string }>;
  };
  const rank = (entry: string) => (ORDER.includes(entry) ? ORDER.indexOf(entry) : ORDER.length);
  const sections = Object.entries(exports)
    .flatMap(([entry, target]) => {
      const file = typeof target === 'string' ? target : target.default;
      return file.endsWith('.js') ? [{ entry, file: file.replace(/^\.\/dist\/(.*)\.js$/, 'src/$1.ts') }] : [];
    })
    .sort((a, b) => rank(a.entry) - rank(b.entry))
    .map(({ entry, file }) => section(root, `serval${entry.slice(1)}`, file));
  return `# API reference

<!-- Generated from the docstrings of the source by \`npm run docs\`. -->

Everything that the package exports, with the first sentence of its description. The declarations have the rest: editors show it.
Pages with examples: [first server](FIRST-SERVER.md), [files](FILE-SERVER.md), [errors](ERRORS.md), [all pages](README.md).

${sections.join('\n')}`;
}

interface Declared {
  readonly name: string;
  readonly file: string;
  /** From the name to the end of its signature, on one line. */
  readonly signature: string;
  readonly summary: string;
  /** Of interfaces: each member with its type and its summary. */
  readonly members: readonly (readonly [signature: string, summary: string])[];
}

function section(root: string, title: string, entry: string): string {
  const declared = exportsOf(root, entry).sort((a, b) => (a.name < b.name ? -1 : 1));
  const text = declared.map(({ name, file, signature, summary, members }) => {
    const rows = members.map(([member, about]) => `- \`${member}\`${about === '' ? '' : `: ${about}`}`);
    const heading = `### [\`${name}\`](../${file})\n\n\`${signature}\`${summary === '' ? '' : `\n\n${summary}`}\n`;
    return rows.length === 0 ? heading : `${heading}\n${rows.join('\n')}\n`;
  });
  const about = summaryOf(readFileSync(join(root, entry), 'utf8').match(/^\/\*\*[\s\S]*?\*\//)?.[0] ?? '');
  return `## ${title}\n\n${about === '' ? '' : `${about}\n\n`}${text.join('\n')}`;
}

function exportsOf(root: string, entry: string): Declared[] {
  const text = readFileSync(join(root, entry), 'utf8');
  const found: Declared[] = [];
  for (const [, , names = '', from = ''] of text.matchAll(/^export (type )?\{([^}]*)\} from '([^']*)'/gm)) {
    const file = join(dirname(entry), from);
    for (const part of names.split(',')) {
      const [name, alias] = part
        .trim()
        .replace(/^type /, '')
        .split(' as ');
      if (name) found.push(declarationOf(root, file, name, alias ?? name));
    }
  }
  for (const [, name = ''] of text.matchAll(
    /^export (?:async )?(?:function|const|class|interface|type) (\w+)/gm,
  ))
    found.push(declarationOf(root, entry, name, name));
  return found;
}

function declarationOf(root: string, file: string, name: string, shown: string): Declared {
  const text = readFileSync(join(root, file), 'utf8');
  const start = new RegExp(
    `^export (?:declare |abstract |async )*(?:function|const|let|class|interface|type)\\*? ${name}\\b`,
    'm',
  ).exec(text);
  if (start === null) {
    // It passes on what another file declares.
    const passed = new RegExp(`\\b${name}\\b[^;]*\\} from '([^']*)'`).exec(text)?.[1];
    if (passed === undefined) throw new Error(`${file}: there is no declaration of ${name}`);
    return declarationOf(root, join(dirname(file), passed), name, shown);
  }
  const comment = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/.exec(text.slice(0, start.index))?.[0] ?? '';
  const rest = text.slice(start.index);
  return {
    name: shown,
    file,
    signature: oneLine(signatureOf(rest)),
    summary: summaryOf(comment),
    members: /^export interface/.test(rest) ? membersOf(rest) : [],
  };
}

/** Up to the body of a function or class, the members of an interface, or the value of a constant. */
function signatureOf(declaration: string): string {
  const text = declaration.replace(/^export /, '');
  const isFunction = /^(async )?function/.test(text);
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '(' || character === '[') depth++;
    else if (character === ')' || character === ']') depth--;
    else if (depth > 0) continue;
    else if (character === ';') return text.slice(0, at);
    else if (character === '{' && (isFunction || !text.startsWith('type '))) return text.slice(0, at);
    else if (character === '=' && text[at + 1] !== '>' && text.startsWith('const ')) return text.slice(0, at);
    else if (character === '\n' && text[at + 1] === '\n') return text.slice(0, at);
  }
  return text;
}

function membersOf(declaration: string): (readonly [string, string])[] {
  const body = declaration.slice(declaration.indexOf('{') + 1, declaration.indexOf('\n}'));
  const members: (readonly [string, string])[] = [];
  const pattern =
    /((?:^ {2}\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?)^ {2}((?:readonly )?[\w[][^\n]*(?:\n {4,}[^\n]*|\n {2}[)}>][^\n]*)*)/gm;
  for (const [, comment = '', member = ''] of body.matchAll(pattern))
    members.push([oneLine(member.replace(/;$/, '')), summaryOf(comment)]);
  return members;
}

const oneLine = (text: string): string =>
  text
    .replace(/\/\*\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/\( /g, '(')
    .replace(/,? \)/g, ')')
    .replaceAll('`', "'")
    .trim();

/** The first sentence of a docstring, without tags. */
function summaryOf(comment: string): string {
  const text = comment
    .replace(/^\s*\/\*\*|\*\/\s*$/g, '')
    .replace(/^\s*\* ?/gm, '')
    .trim()
    .replace(/^@default\b[\s\S]*|^@\w[\s\S]*/m, '')
    .replace(/```[\s\S]*$/, '')
    .replace(/\{@link (\w+)\}/g, '`$1`')
    .trim()
    .split('\n\n')[0]!
    .replace(/\s+/g, ' ')
    .replace(/@default.*$/, '');
  return (/^.*?\.(?= [A-Z`]|$)/.exec(text)?.[0] ?? text).replace(/:$/, '.').trim();
}
