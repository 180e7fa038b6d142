/** How the pages of the repository become those of the documentation site. `documentation-site.ts` looks at the result. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { entriesOf } from '../../tools/site/api/api-pages.ts';
import { placeOf } from '../../tools/site/api/entry-order.ts';
import type { TypeNode } from '../../tools/site/api/reflections.ts';
import { typeText } from '../../tools/site/api/type-text.ts';
import { chartInSiteColours } from '../../tools/site/colours.ts';
import { type LinkTargets, outsideBlocks, withSiteLinks } from '../../tools/site/links.ts';
import { navigationOf, UNPLACED } from '../../tools/site/navigation.ts';
import { linkOf, routeOf, type SitePage } from '../../tools/site/site-page.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const targets: LinkTargets = {
  root: ROOT,
  repository: 'https://example.com/serval',
  pages: new Map([['docs/TLS.md', { link: '/tls', title: 'TLS' }]]),
  picture: (file) => `/charts/${file.split('/').at(-1)}`,
};
const linked = (text: string, source = 'docs/OPERATING.md'): string => withSiteLinks(text, source, targets);

test('a link to a page of the site leads to its address there', () => {
  assert.equal(linked('[how](TLS.md#handshakes)'), '[how](/tls#handshakes)');
  assert.equal(linked('[how](../TLS.md)', 'docs/tour/08-https.md'), '[how](/tls)');
});

test('a link that is called by its file is called by the title of the page', () => {
  for (const label of ['TLS.md', 'TLS', 'docs/TLS.md'])
    assert.equal(linked(`[${label}](TLS.md)`), '[TLS](/tls)');
});

test('a link to another file leads to the repository', () => {
  assert.equal(linked('[a](../src/index.ts)'), '[a](https://example.com/serval/blob/main/src/index.ts)');
  assert.equal(linked('[a](../deploy)'), '[a](https://example.com/serval/tree/main/deploy)');
});

test('a picture is shown from the site, and other links stay', () => {
  assert.equal(linked('![a](../bench/results/scale.svg)'), '![a](/charts/scale.svg)');
  for (const text of ['[a](https://a.example/)', '[a](#b)']) assert.equal(linked(text), text);
});

test('a link to nothing is an error that names page and target', () => {
  assert.throws(() => linked('[a](MISSING.md)'), /docs\/OPERATING\.md: the link to MISSING\.md is dead/);
});

test('code between fences is not changed', () => {
  const text = 'a\n```ts\na\n```\na';
  assert.equal(
    outsideBlocks(text, (part) => part.replaceAll('a', 'b')),
    'b\n```ts\na\n```\nb',
  );
});

test('every page of docs/, the tour and the results has its place in the navigation', () => {
  const folders = ['docs', 'docs/tour', 'bench/results'];
  const files = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  );
  assert.ok(files.length > 40, `${files.length} pages`);
  const { sidebar } = navigationOf(files.map(pageOf));
  const groups = Object.values(sidebar).flat();
  assert.deepEqual(
    groups.filter(({ text }) => text === UNPLACED).flatMap(({ items }) => items),
    [],
    'tools/site/navigation.ts lists the pages',
  );
  const listed = new Set(groups.flatMap(({ items }) => items.map(({ link }) => link)));
  const older = /\d{4}-\d\d-\d\d$/;
  assert.deepEqual(
    files.map((file) => linkOf(pageOf(file).route)).filter((link) => !listed.has(link) && !older.test(link)),
    [],
  );
});

test('the site does without a tour', () => {
  const { nav, sidebar } = navigationOf([pageOf('docs/TLS.md')]);
  assert.ok(nav.every(({ text }) => text !== 'Tour'));
  assert.ok(Object.values(sidebar).flat().length > 0);
});

test('every entry of the package has its place in the reference', () => {
  const entries = entriesOf(ROOT).map(({ name }) => name);
  assert.ok(entries.length > 15);
  const last = placeOf('an entry that no group has');
  assert.deepEqual(
    entries.filter((name) => placeOf(name) === last),
    [],
  );
});

test('types are written as TypeScript writes them', () => {
  const text: TypeNode = { type: 'intrinsic', name: 'string' };
  const callback: TypeNode = {
    type: 'reflection',
    declaration: {
      id: 1,
      name: '__type',
      kind: 65536,
      flags: {},
      signatures: [
        {
          id: 2,
          name: '__type',
          kind: 4096,
          flags: {},
          parameters: [{ id: 3, name: 'path', kind: 32768, flags: {}, type: text }],
          type: text,
        },
      ],
    },
  };
  const union: TypeNode = {
    type: 'union',
    types: [callback, { type: 'literal', value: 'a' }, { type: 'literal', value: null }],
  };
  assert.equal(typeText(union), "((path: string) => string) | 'a' | null");
  assert.equal(typeText({ type: 'array', elementType: union }), `(${typeText(union)})[]`);
  assert.equal(
    typeText({
      type: 'reference',
      name: 'Map',
      typeArguments: [text, { type: 'tuple', elements: [text, text] }],
    }),
    'Map<string, [string, string]>',
  );
  assert.throws(() => typeText({ type: 'mapped' }), /a type "mapped" of TypeDoc has no text yet/);
});

test('a chart has the colours of the page in light and in dark', () => {
  const chart = readFileSync(join(ROOT, 'bench/results/cpu-per-request.svg'), 'utf8');
  const [light, dark] = [...chartInSiteColours(chart).matchAll(/:root \{([^}]*)\}/g)].map(
    ([, values]) => values,
  );
  assert.match(light ?? '', /--paper: #fff; .*--floor: #0969da/);
  assert.match(dark ?? '', /--paper: #1c1915; .*--floor: #58a6ff/);
});

const pageOf = (source: string): SitePage => ({
  source,
  route: source === 'docs/API.md' ? 'api/index' : routeOf(source),
  title: source,
  text: '',
  isOnlyLinked: /\d{4}-\d\d-\d\d\.md$/.test(source),
});
