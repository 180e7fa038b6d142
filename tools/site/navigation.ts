/** The order of the pages: what stands beside every page of the site, and at its top. */
import { ENTRY_GROUPS } from './api/entry-order.ts';
import { linkOf, type SitePage } from './site-page.ts';

interface Group {
  readonly title: string;
  /** Files of the repository; a name with it is shown instead of the page's title. */
  readonly pages: readonly (string | readonly [source: string, label: string])[];
}

const GROUPS: readonly Group[] = [
  {
    title: 'Start',
    pages: [
      'docs/INSTALL.md',
      'docs/FIRST-SERVER.md',
      ['docs/tour/README.md', 'The tour'],
      ['docs/README.md', 'Find a page'],
    ],
  },
  {
    title: 'Guides',
    pages: [
      'docs/FILE-SERVER.md',
      ['docs/TLS.md', 'HTTPS and HTTP/2'],
      'docs/WEBSOCKET.md',
      ['docs/HONO.md', 'Hono and others'],
      'docs/SSE.md',
      'docs/UPLOADS.md',
      'docs/ERRORS.md',
      'docs/TESTING.md',
    ],
  },
  {
    title: 'Operating',
    pages: [
      'docs/DEPLOYING.md',
      'docs/BEHIND-A-PROXY.md',
      ['docs/OPERATING.md', 'Health, stops, overload'],
      ['docs/CONCURRENCY.md', 'Workers and threads'],
      ['docs/LIMITS.md', 'Limits and timeouts'],
      'docs/METRICS.md',
      ['docs/DIAGNOSTICS.md', 'Access log and tracing'],
      'docs/INSPECTOR.md',
    ],
  },
  {
    title: 'Understanding',
    pages: [
      'docs/ARCHITECTURE.md',
      'docs/EXCHANGE-STATES.md',
      'docs/STREAM-STATES.md',
      'docs/SECURITY-MODEL.md',
      'docs/CONFORMANCE.md',
      'docs/CONFORMANCE-SUITES.md',
      'docs/FUZZING.md',
      'docs/NOT-DONE.md',
      'docs/PERFORMANCE.md',
      'docs/COMPARISON.md',
    ],
  },
  {
    title: 'Measured',
    pages: [
      ['bench/results/latest.md', 'HTTP/1.1'],
      'bench/results/http2-and-tls.md',
      ['bench/results/file-servers.md', 'File servers'],
      ['bench/results/workers.md', 'Workers'],
      ['bench/README.md', 'How it is measured'],
    ],
  },
  {
    title: 'Reference',
    pages: [
      ['docs/API.md', 'API'],
      ['man/serval.1', 'Command line'],
      ['CHANGELOG.md', 'Changes'],
    ],
  },
];

export interface SideGroup {
  readonly text: string;
  readonly items: readonly { readonly text: string; readonly link: string }[];
}

export interface Navigation {
  readonly nav: readonly { readonly text: string; readonly link: string; readonly activeMatch: string }[];
  readonly sidebar: Readonly<Record<string, readonly SideGroup[]>>;
}

/** Where pages go that no group names. A test of the repository's pages finds none. */
export const UNPLACED = 'More';

export function navigationOf(pages: readonly SitePage[]): Navigation {
  const tour = pages.filter(isOfTour).sort(inOrderOfTour);
  const groups = [...GROUPS.map((group) => sideGroup(group, pages)), ...unplaced(pages)];
  const [firstOfTour] = tour;
  return {
    nav: [
      { text: 'Start', link: '/install', activeMatch: '^/(install|first-server|all-pages)' },
      ...(firstOfTour ? [{ text: 'Tour', link: linkOf(firstOfTour.route), activeMatch: '^/tour/' }] : []),
      {
        text: 'Guides',
        link: '/file-server',
        activeMatch: '^/(file-server|tls|websocket|hono|sse|uploads|errors|testing)',
      },
      { text: 'API', link: '/api/', activeMatch: '^/api/' },
      { text: 'Measured', link: '/results/latest', activeMatch: '^/results/' },
    ],
    // The entries of the package and the chapters of the tour are beside their own pages alone.
    sidebar: withoutEmpty({
      '/api/': [backTo('API', '/api/'), ...apiGroups(pages)],
      '/tour/': [backTo('Tour'), { text: 'Chapters', items: tour.map(itemOf) }],
      '/': groups,
    }),
  };
}

function apiGroups(pages: readonly SitePage[]): SideGroup[] {
  const entries = new Map(pages.filter(isOfApi).map((page) => [page.title, itemOf(page)]));
  const groups = Object.entries(ENTRY_GROUPS).map(([text, names]) => ({
    text,
    items: names.flatMap((name) => {
      const item = entries.get(name);
      entries.delete(name);
      return item ?? [];
    }),
  }));
  const rest = { text: UNPLACED, items: [...entries.values()] };
  return [...groups, rest];
}

function unplaced(pages: readonly SitePage[]): SideGroup[] {
  const placed = new Set(GROUPS.flatMap(({ pages: names }) => names.map(sourceOf)));
  const rest = pages.filter(
    (page) => !placed.has(page.source) && !isOfTour(page) && !isOfApi(page) && !page.isOnlyLinked,
  );
  return rest.length === 0 ? [] : [{ text: UNPLACED, items: rest.map(itemOf) }];
}

function sideGroup({ title, pages: names }: Group, pages: readonly SitePage[]): SideGroup {
  const items = names.flatMap((name) => {
    const page = pages.find(({ source }) => source === sourceOf(name));
    if (page === undefined) return [];
    return [{ text: typeof name === 'string' ? page.title : name[1], link: linkOf(page.route) }];
  });
  return { text: title, items };
}

/** The way from a part of the site to the rest. */
const backTo = (part: string, link?: string): SideGroup => ({
  text: part,
  items: [
    ...(link === undefined ? [] : [{ text: 'All entries', link }]),
    { text: 'All documentation', link: '/all-pages' },
  ],
});

function withoutEmpty(sidebar: Navigation['sidebar']): Navigation['sidebar'] {
  const filled = Object.entries(sidebar).map(
    ([path, groups]) => [path, groups.filter(({ items }) => items.length > 0)] as const,
  );
  return Object.fromEntries(filled);
}

const sourceOf = (page: string | readonly [string, string]): string =>
  typeof page === 'string' ? page : page[0];
const itemOf = (page: SitePage) => ({ text: page.title, link: linkOf(page.route) });
const isOfTour = ({ source }: SitePage): boolean => source.startsWith('docs/tour/');
const isOfApi = ({ route }: SitePage): boolean => route.startsWith('api/') && route !== 'api/index';

/** The opening page comes first; chapters are in the order of their file names. */
function inOrderOfTour(a: SitePage, b: SitePage): number {
  const isOpening = ({ route }: SitePage): boolean => route === 'tour/index';
  if (isOpening(a) !== isOpening(b)) return isOpening(a) ? -1 : 1;
  return a.source.localeCompare(b.source, 'en', { numeric: true });
}
