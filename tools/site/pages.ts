/** The pages of the site, made from those of the repository. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { helpPage } from '../../src/cli/help/pages.ts';
import { TOPICS } from '../../src/cli/help/topics.ts';
import { type ApiPage, apiPages } from './api/api-pages.ts';
import type { Reflection } from './api/reflections.ts';
import { homePage } from './home-page.ts';
import { type LinkTargets, outsideBlocks, repositoryAddress, withSiteLinks } from './links.ts';
import { linkOf, routeOf, type SitePage } from './site-page.ts';

export interface Site {
  readonly pages: readonly SitePage[];
  /** Files of the repository that pages show, by their address on the site. */
  readonly pictures: ReadonlyMap<string, string>;
}

/** @param api what `typedoc --json` wrote, parsed. */
export function siteOf(root: string, api: Reflection): Site {
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    repository: { url: string };
  };
  const address = repository.url.replace(/^git\+|\.git$/g, '');
  const sources = sourcesOf(root);
  const pictures = new Map<string, string>();
  const targets: LinkTargets = {
    root,
    repository: address,
    pages: new Map([
      ['README.md', { link: '/', title: 'Serval' }],
      ['docs/API.md', { link: '/api/', title: 'the API reference' }],
      ...sources.map(({ source, route, title }) => [source, { link: linkOf(route), title }] as const),
    ]),
    picture(file) {
      const shown = `/charts/${basename(file)}`;
      pictures.set(shown, file);
      return shown;
    },
  };
  const linked = (text: string, source: string): string =>
    outsideBlocks(text, (part) => withSiteLinks(part, source, targets));
  const sourceAddress = (file: string): string => repositoryAddress(targets, file);
  const inRepository = sources.map(
    (page): SitePage => ({
      ...page,
      isOnlyLinked: /\/\d{4}-\d\d-\d\d\.md$/.test(page.source),
      text: withFrontMatter(
        page.title,
        sourceAddress(page.source),
        linked(withoutComments(page.text), page.source),
      ),
    }),
  );
  const reference = apiPages(root, api, sourceAddress).map((page): SitePage => {
    const text = withFrontMatter(page.title, undefined, linkedPages(page, targets));
    return {
      ...page,
      text,
      source: page.route === 'api/index' ? 'docs/API.md' : page.route,
      isOnlyLinked: false,
    };
  });
  const home: SitePage = {
    source: 'README.md',
    route: 'index',
    title: 'Serval',
    text: homePage(root, (text) => linked(text, 'README.md')),
    isOnlyLinked: true,
  };
  targets.picture('bench/results/cpu-per-request.svg');
  return { pages: [home, ...inRepository, commandLine(sourceAddress), ...reference], pictures };
}

interface Source {
  readonly source: string;
  readonly route: string;
  readonly title: string;
  readonly text: string;
}

function sourcesOf(root: string): Source[] {
  const inFolder = (folder: string): string[] =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder))
          .filter((name) => name.endsWith('.md'))
          .map((name) => `${folder}/${name}`)
      : [];
  const files = [
    ...inFolder('docs').filter((file) => file !== 'docs/API.md'),
    ...inFolder('docs/tour'),
    ...inFolder('bench/results'),
    'bench/README.md',
    'CHANGELOG.md',
  ];
  return files.map((source) => {
    const text = readFileSync(join(root, source), 'utf8');
    const heading = /^# (.+)$/m.exec(text)?.[1] ?? basename(source, '.md');
    return { source, route: routeOf(source), title: heading.replaceAll('`', ''), text };
  });
}

/** The command line's own help, topic by topic. */
function commandLine(sourceAddress: (file: string) => string): SitePage {
  const topics = TOPICS.map(
    (topic) => `## serval help ${topic} {#${topic}}\n\n${preformatted(helpPage(topic))}`,
  );
  const text = `# Command line

\`serval --help\` and \`serval help <topic>\` print these pages. In a checkout, \`man ./man/serval.1\` shows them as one.

${preformatted(helpPage(undefined))}

${topics.join('\n\n')}`;
  return {
    source: 'man/serval.1',
    route: 'command-line',
    title: 'Command line',
    text: withFrontMatter('Command line', sourceAddress('src/cli/help'), text),
    isOnlyLinked: false,
  };
}

const preformatted = (text: string): string => `\`\`\`text\n${text.replace(/^\n+|\s+$/g, '')}\n\`\`\``;

/** Comments for the tests of the examples, and of the generators. */
const withoutComments = (text: string): string => text.replace(/^<!--[\s\S]*?-->\n/gm, '');

/** Docstrings name pages as `docs/TLS.md`. */
function linkedPages({ text }: ApiPage, { pages }: LinkTargets): string {
  return outsideBlocks(text, (part) =>
    part.replace(/`?\bdocs\/([A-Z-]+)\.md\b`?/g, (whole, name: string) => {
      const page = pages.get(`docs/${name}.md`);
      return page === undefined ? whole : `[${page.title}](${page.link})`;
    }),
  );
}

/** @param source the address of the page's source, to be linked below it. */
function withFrontMatter(title: string, source: string | undefined, text: string): string {
  const fields = {
    title,
    description: descriptionOf(text),
    ...(source !== undefined && { source }),
    ...(columnsOf(text) > MOST_COLUMNS && { aside: false, pageClass: 'wide' }),
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return `---\n${lines.join('\n')}\n---\n\n${text}\n`;
}

/** A table with more of them needs the place of the outline. */
const MOST_COLUMNS = 4;

/** Of the widest table. */
function columnsOf(text: string): number {
  const rules = text.match(/^\|[ |:-]+\|$/gm) ?? [];
  return Math.max(0, ...rules.map((rule) => rule.split('|').length - 2));
}

/** The first paragraph, as plain text. */
function descriptionOf(text: string): string {
  const paragraph = text.split(/\n\s*\n/).find((part) => /^[A-Za-z`[*]/.test(part)) ?? '';
  const plain = paragraph
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*]|\s+/g, (found) => (found.trim() === '' ? ' ' : ''));
  return plain.length <= 160 ? plain : `${plain.slice(0, plain.lastIndexOf(' ', 157))}…`;
}
