/** The icons beside names: one sheet of symbols, of which each row uses one. */
import { html, Markup } from '../../html/html.ts';
import { mediaType } from '../resource/media-type.ts';

const SHEET = 'M5 2.5h6.5L16 7v10.5H5z M11.5 2.5V7H16';

/** Outlines on a square of 20. */
const OUTLINES = {
  folder: 'M2.5 5.5a1 1 0 0 1 1-1h4l2 2h7a1 1 0 0 1 1 1V15a1 1 0 0 1-1 1h-13a1 1 0 0 1-1-1z',
  up: 'M10 16V5 M5.5 9.5 10 5l4.5 4.5',
  file: SHEET,
  text: `${SHEET} M7.5 10.5h6 M7.5 13.5h6`,
  picture: 'M2.5 4h15v12h-15z M2.5 13.5l4-4 3.5 3.5 3-3 4.5 4.5 M13.5 7h.01',
  video: 'M2.5 4h15v12h-15z M8.5 7.5v5l4-2.5z',
  sound: 'M8 14.5V5l8-1.5v9 M8 14.5a2 2 0 1 1-4 0 2 2 0 0 1 4 0z M16 12.5a2 2 0 1 1-4 0 2 2 0 0 1 4 0z',
  bin: 'M4 5.5h12 M8 5.5V3.5h4v2 M5.5 5.5l.75 11h7.5l.75-11 M8.5 8.5v5 M11.5 8.5v5',
  search: 'M13 13l4 4 M8.5 3a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11',
  archive: 'M3 3.5h14V7H3z M4 7v9.5h12V7 M8 10.5h4',
} as const;

type Icon = keyof typeof OUTLINES;

const ARCHIVES = /\.(7z|br|bz2|gz|jar|rar|tar|tgz|xz|zip|zst)$/i;
const TEXTS = /^application\/(json|javascript|xml|toml|yaml|manifest\+json|ld\+json|pdf|rtf)\b/;

/** A page that uses {@link icon} has it once. */
export const ICON_SHEET = new Markup(
  `<svg width="0" height="0" class="sheet" aria-hidden="true">${Object.entries(OUTLINES)
    .map(([name, outline]) => `<symbol id="i-${name}" viewBox="0 0 20 20"><path d="${outline}"/></symbol>`)
    .join('')}</svg>`,
);

/** Decoration, which screen readers skip: the text beside it says the same. */
export const icon = (name: Icon): Markup =>
  html`<svg class="icon ${name}" aria-hidden="true"><use href="#i-${name}"/></svg>`;

/** The icon for a file, by its name. */
export function iconOf(name: string): Icon {
  if (ARCHIVES.test(name)) return 'archive';
  const type = mediaType(name);
  if (type.startsWith('image/')) return 'picture';
  if (type.startsWith('video/')) return 'video';
  if (type.startsWith('audio/')) return 'sound';
  return type.startsWith('text/') || TEXTS.test(type) ? 'text' : 'file';
}
