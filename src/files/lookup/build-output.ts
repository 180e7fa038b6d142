/**
 * Which files a build tool has named after their content, so that they never change: by what is known of the tool's folders,
 * and never by the look of a name. A name that is wrongly taken for such a one is wrong in browsers for a year.
 */
import { contentOf, type Root } from './root.ts';

/** SvelteKit and Next.js put nothing else into these folders. */
const HASHED_FOLDERS = /^\/(?:_app\/immutable|_next\/static)\//;

/** Vite's folder. Files of the source tree are copied into it under their own names, too. */
const ASSETS = 'assets';
/** Lists the files that Vite has built, if the build is asked for it. */
const MANIFEST = ['.vite', 'manifest.json'];
const INDEX = ['index.html'];
const MAX_MANIFEST_OCTETS = 4 * 1024 * 1024;

/** For how long, in milliseconds, a manifest is not looked at again. */
const VALID_MS = 1000;
const MAX_FOLDERS = 64;

interface Build {
  /** Paths from the folder: `assets/index-B7wrgTda.js`. */
  readonly files: ReadonlySet<string>;
  readonly version: string;
  readonly checked: number;
}

const NO_FILES: ReadonlySet<string> = new Set();

export class BuildOutput {
  readonly #root: Root;
  readonly #builds = new Map<string, Build>();

  constructor(root: Root) {
    this.#root = root;
  }

  /** @param names those of a file, from the root. */
  async isImmutable(names: readonly string[]): Promise<boolean> {
    const path = `/${names.join('/')}`;
    // Other pages link to a page by its name, so no tool hashes it.
    if (/\.x?html?$/i.test(path)) return false;
    if (HASHED_FOLDERS.test(path)) return true;
    const at = names.indexOf(ASSETS);
    if (at < 0 || at === names.length - 1) return false;
    const files = await this.#filesOf(names.slice(0, at));
    return files.has(names.slice(at).join('/'));
  }

  async #filesOf(folder: readonly string[]): Promise<ReadonlySet<string>> {
    const key = folder.join('/');
    const known = this.#builds.get(key);
    const now = performance.now();
    if (known !== undefined && now - known.checked < VALID_MS) return known.files;
    for (const [names, filesIn] of [
      [MANIFEST, filesInManifest],
      [INDEX, filesInPage],
    ] as const) {
      const place = await this.#root.find([...folder, ...names]);
      if (place?.kind !== 'file' || place.state.size > MAX_MANIFEST_OCTETS) continue;
      const { version } = place.state;
      if (known?.version === version) return this.#keep(key, { ...known, checked: now });
      const file = await this.#root.open(place.path);
      const content = file && (await contentOf(file, MAX_MANIFEST_OCTETS));
      if (content !== undefined) {
        return this.#keep(key, { files: filesIn(content.octets.toString()), version, checked: now });
      }
    }
    return this.#keep(key, { files: NO_FILES, version: '', checked: now });
  }

  #keep(key: string, build: Build): ReadonlySet<string> {
    if (!this.#builds.has(key) && this.#builds.size >= MAX_FOLDERS) this.#builds.clear();
    this.#builds.set(key, build);
    return build.files;
  }
}

/** Vite's manifest: `{"index.html": {"file": "assets/…", "css": ["assets/…"], "assets": ["assets/…"]}, …}`. */
function filesInManifest(text: string): ReadonlySet<string> {
  let chunks: unknown;
  try {
    chunks = JSON.parse(text);
  } catch {
    return NO_FILES;
  }
  const files = new Set<string>();
  if (typeof chunks !== 'object' || chunks === null) return files;
  for (const chunk of Object.values(chunks) as { file?: unknown; css?: unknown; assets?: unknown }[]) {
    for (const file of [chunk?.file, chunk?.css, chunk?.assets].flat()) {
      if (typeof file === 'string' && HASHED_NAME.test(file)) files.add(file);
    }
  }
  return files;
}

/** Builds can be configured to leave the hash out. */
const HASHED_NAME = /[-.][A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;

/** Vite links its files from the page with `crossorigin`, from the root, from a base, or relative. */
function filesInPage(text: string): ReadonlySet<string> {
  const files = new Set<string>();
  for (const [tag] of text.matchAll(/<(?:script|link)\b[^>]*>/g)) {
    if (!/\scrossorigin\b/.test(tag)) continue;
    const path = /\s(?:src|href)="[^"]*?\b(assets\/[^"?#]+)"/.exec(tag)?.[1];
    if (path !== undefined && /-[A-Za-z0-9_-]{8}\.(?:js|css)$/.test(path)) files.add(path);
  }
  return files;
}
