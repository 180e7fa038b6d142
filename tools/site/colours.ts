/** The colours of Serval's own pages, for the site and for the charts on it. */
import { PAGE_STYLE } from '../../src/html/page-style.ts';

const [LIGHT, DARK] = [...PAGE_STYLE.matchAll(/:root \{([^}]*)\}/g)].map(([, values = '']) => values.trim());
if (LIGHT === undefined || DARK === undefined)
  throw new Error('src/html/page-style.ts: expected the colours of light and of dark');

/** The site chooses between light and dark by a class. */
export const siteColours = (): string => `:root { ${LIGHT} }\n.dark { ${DARK} }\n`;

/** The colours of a chart, by those of a page. Those that a page does not have stay as they are. */
const IN_CHARTS: Readonly<Record<string, string>> = {
  paper: 'sheet',
  edge: 'line',
  ink: 'ink',
  quiet: 'soft',
  grid: 'line',
  bar: 'dash',
  serval: 'folder',
};

/** A chart of `bench/results`, in the colours of the page that shows it. */
export function chartInSiteColours(svg: string): string {
  const pages = [LIGHT, DARK];
  return svg.replace(/:root \{([^}]*)\}/g, (_whole, values: string) => {
    const page = pages.shift() ?? '';
    const changed = values.replace(/--(\w+): (#\w+)/g, (declaration, name: string) => {
      const colour = new RegExp(`--${IN_CHARTS[name]}: (#\\w+)`).exec(page)?.[1];
      return colour === undefined ? declaration : `--${name}: ${colour}`;
    });
    return `:root {${changed}}`;
  });
}
