/**
 * The parts that charts share: card, colours, text, axis.
 *
 * A chart has its own background, so it is readable on any page. The colours follow the reader's preference for light or dark.
 */

export const WIDTH = 860;

const FONT = `-apple-system, BlinkMacSystemFont, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif`;

/** Light; dark. */
const COLOURS: Record<string, readonly [string, string]> = {
  paper: ['#ffffff', '#0d1117'],
  edge: ['#d1d9e0', '#3d444d'],
  ink: ['#1f2328', '#f0f6fc'],
  quiet: ['#59636e', '#9198a1'],
  grid: ['#eaeef2', '#21262d'],
  bar: ['#c3ccd6', '#444c56'],
  serval: ['#d9730d', '#f0943b'],
  floor: ['#0969da', '#58a6ff'],
};

const RULES = `text { font-family: ${FONT}; font-size: 13px; fill: var(--ink); font-variant-numeric: tabular-nums; }
.title { font-size: 17px; font-weight: 600; }
.quiet { fill: var(--quiet); }
.small { font-size: 12px; }
.strong { font-weight: 600; }
.paper { fill: var(--paper); stroke: var(--edge); }
.grid { stroke: var(--grid); }
.bar { fill: var(--bar); }
.bar.serval, .dot.serval { fill: var(--serval); }
.range { stroke: var(--ink); stroke-opacity: 0.45; }
.floor { stroke: var(--floor); stroke-width: 1.5; stroke-dasharray: 5 4; }
.floor-name { fill: var(--floor); }
.line { fill: none; stroke: var(--quiet); stroke-width: 2; stroke-linejoin: round; }
.line.serval { stroke: var(--serval); stroke-width: 2.5; }
.line.floor { stroke: var(--floor); }
.dot { fill: var(--quiet); }
.dot.floor { fill: var(--floor); stroke: none; }`;

/** A complete document: card, title and content. */
export function card(height: number, title: string, subtitle: string, body: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escapeText(title)}">
<style>
${palette(0, ':root')}
@media (prefers-color-scheme: dark) { ${palette(1, ':root')} }
${RULES}
</style>
<rect class="paper" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>
${text(24, 34, title, 'title')}
${text(24, 55, subtitle, 'quiet')}
${body.join('\n')}
</svg>
`;
}

export function text(
  x: number,
  y: number,
  content: string,
  className = '',
  anchor: 'start' | 'middle' | 'end' = 'start',
): string {
  const classes = className === '' ? '' : ` class="${className}"`;
  const anchored = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  return `<text x="${round(x)}" y="${round(y)}"${classes}${anchored}>${escapeText(content)}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, className: string): string {
  const points = `x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"`;
  return `<line ${points} class="${className}"/>`;
}

/** Round numbers from 0 to just above `most`, in at most `count` steps. */
export function ticks(most: number, count = 6): number[] {
  const rough = most / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => round(index * step));
}

/** Two decimals are finer than any screen. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

export function escapeText(content: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return content.replace(/[&<>"]/g, (character) => entities[character]!);
}

function palette(theme: 0 | 1, selector: string): string {
  const colours = Object.entries(COLOURS).map(([name, values]) => `--${name}: ${values[theme]};`);
  return `${selector} { ${colours.join(' ')} }`;
}
