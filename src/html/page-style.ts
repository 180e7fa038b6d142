/**
 * What all pages of Serval look like: colours in light and in dark, the body, links. A page adds its own rules.
 *
 * Every text has a contrast of at least 4.5 to 1 with its background, in light and in dark mode.
 */
export const PAGE_STYLE = `
:root {
  --page: #fbfaf8; --sheet: #fff; --line: #e9e5de; --dash: #c9c1b4; --tint: #f5f1ea; --ink: #26221c; --soft: #675f54;
  --accent: #8f520b; --accent-ink: #fff; --folder: #b87413; --bad: #a5281b; --good: #1d6b3c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #15130f; --sheet: #1c1915; --line: #332e27; --dash: #5a5145; --tint: #26221c; --ink: #ece6db; --soft: #ada393;
    --accent: #e8ad60; --accent-ink: #1c1915; --folder: #d99f4e; --bad: #ff9d8f; --good: #86d6a4;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 0 1.5rem 3rem; max-width: 60rem; background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
}
a { color: inherit; text-decoration-color: transparent; text-underline-offset: .2em; text-decoration-thickness: 1px; }
a:hover { text-decoration-line: underline; text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; border-radius: 6px; }
code { font: .875em ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
`;
