import { readFileSync } from 'node:fs';

/** The version in the package.json of Serval, which is in a folder above this file. */
export function version(): string {
  for (const above of ['../', '../../', '../../../']) {
    try {
      const { name, version } = JSON.parse(
        readFileSync(new URL(`${above}package.json`, import.meta.url), 'utf8'),
      );
      if (name === 'serval') return version;
    } catch {
      // It is further up.
    }
  }
  return 'unknown';
}
