/** A page of the documentation site, and where it is. */

export interface SitePage {
  /** Its file in the repository, or what stands for it. */
  readonly source: string;
  /** Its address without the first slash; `index` at the end is its folder. */
  readonly route: string;
  readonly title: string;
  /** Markdown with front matter. */
  readonly text: string;
  /** The home page, and measurements before the last ones: linked, and not beside every page. */
  readonly isOnlyLinked: boolean;
}

/** `docs/FIRST-SERVER.md` is `first-server`. */
export function routeOf(source: string): string {
  if (source === 'docs/README.md') return 'all-pages';
  if (source === 'CHANGELOG.md') return 'changes';
  if (source === 'bench/README.md') return 'results/method';
  return source
    .replace(/^docs\/|^bench\//, '')
    .replace(/\.md$/, '')
    .replace(/(^|\/)README$/i, '$1index')
    .toLowerCase();
}

/** `/tour/` for `tour/index`. */
export const linkOf = (route: string): string => `/${route.replace(/(^|\/)index$/, '$1')}`;
