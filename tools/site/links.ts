/**
 * Links of the repository's pages, as the site needs them: a page of the site by its address there, another file by its address in
 * the repository. A link to nothing is an error, so that it never gets on the site.
 */
import { existsSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';

export interface LinkTargets {
  readonly root: string;
  /** Pages by their source: `docs/TLS.md` → address and title. */
  readonly pages: ReadonlyMap<string, { readonly link: string; readonly title: string }>;
  /** `https://github.com/…`, without a slash at the end. */
  readonly repository: string;
  /** Gets every picture that a page shows, and returns its address on the site. */
  readonly picture: (file: string) => string;
}

const LINK = /(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g;

export function withSiteLinks(text: string, source: string, targets: LinkTargets): string {
  const shown = text.replace(LINK, (whole, mark: string, label: string, target: string) => {
    if (/^(?:[a-z]+:|#|\/)/.test(target)) return whole;
    const [path = '', hash] = target.split('#');
    const file = posix.normalize(posix.join(posix.dirname(source), path)).replace(/\/$/, '');
    if (!existsSync(join(targets.root, file))) throw new Error(`${source}: the link to ${target} is dead`);
    if (mark === '!') return `![${label}](${targets.picture(file)})`;
    const page = targets.pages.get(file);
    if (page === undefined) return `[${label}](${repositoryAddress(targets, file)})`;
    const isFileName =
      file === label || [file, file.replace(/\.md$/, '')].some((name) => posix.basename(name) === label);
    return `[${isFileName ? page.title : label}](${page.link}${hash === undefined ? '' : `#${hash}`})`;
  });
  return shown;
}

/** Applies `change` to what is not a block of code. */
export function outsideBlocks(text: string, change: (text: string) => string): string {
  return text
    .split(/(^ *```[\s\S]*?^ *```$)/m)
    .map((part) => (/^ *```/.test(part) ? part : change(part)))
    .join('');
}

export function repositoryAddress(
  { root, repository }: Pick<LinkTargets, 'root' | 'repository'>,
  file: string,
): string {
  const isFolder = statSync(join(root, file)).isDirectory();
  return `${repository}/${isFolder ? 'tree' : 'blob'}/main/${file}`;
}
