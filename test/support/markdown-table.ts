/** Tables in Markdown, and figures as their cells show them. */

/** @param alignment a column's rule: `---` for text, `--:` for figures. */
export function markdownTable(
  headings: readonly string[],
  alignment: readonly string[],
  lines: readonly (readonly string[])[],
): string {
  return [headings, alignment, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function thousands(count: number): string {
  return Number.isFinite(count) ? Math.round(count).toLocaleString('en') : '';
}

export function inMs(time: number): string {
  return Number.isFinite(time) ? `${time.toFixed(time < 100 ? 1 : 0)} ms` : '';
}
