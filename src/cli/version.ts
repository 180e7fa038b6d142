import { readFileSync } from 'node:fs';

/** The version in the nearest package.json above this file: the package's own, wherever it was built to. */
export function version(): string {
  for (const above of ['../', '../../', '../../../']) {
    try {
      const { name, version } = JSON.parse(
        readFileSync(new URL(`${above}package.json`, import.meta.url), 'utf8'),
      );
      if (name === 'serval') return version;
    } catch {
      // Not here; a folder further up, then.
    }
  }
  return 'unknown';
}
