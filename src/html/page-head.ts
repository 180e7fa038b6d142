import { html, Markup } from './html.ts';

/** The document up to its body. The page's Content-Security-Policy has to allow the style by its hash. */
export const pageHead = (title: string, style: string): Markup =>
  documentHead(title, html`<style>${new Markup(style)}</style>`);

/** The same with other elements than a style. */
export const documentHead = (title: string, elements: Markup): Markup => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="icon" href="data:,">
${elements}
</head>`;
