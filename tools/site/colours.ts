/** The colours of Serval's own pages, for the site, which chooses between light and dark by a class. */
import { PAGE_STYLE } from '../../src/html/page-style.ts';

export function colours(): string {
  const [light, dark] = [...PAGE_STYLE.matchAll(/:root \{([^}]*)\}/g)].map(([, values = '']) =>
    values.trim(),
  );
  if (light === undefined || dark === undefined)
    throw new Error('src/html/page-style.ts: expected the colours of light and of dark');
  return `:root { ${light} }\n.dark { ${dark} }\n`;
}
