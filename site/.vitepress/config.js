import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitepress';
import { codeClasses, codeTheme } from './code-theme.js';

const { nav, sidebar } = JSON.parse(
  readFileSync(new URL('../pages/navigation.json', import.meta.url), 'utf8'),
);
const { homepage } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const repository = homepage.replace(/#.*$/, '');

export default defineConfig({
  lang: 'en',
  title: 'Serval',
  titleTemplate: ':title · Serval',
  description: 'An HTTP server for TypeScript, built from the TCP socket up',
  srcDir: 'pages',
  outDir: 'dist',
  cleanUrls: true,
  // Examples name addresses of a server that the reader starts.
  ignoreDeadLinks: 'localhostLinks',
  // A file of its own instead of a script in each page, which the Content-Security-Policy would not allow.
  metaChunk: true,
  // Without the style of its own, which the policy would not allow.
  contentProps: { class: 'content' },
  // It would switch transitions off with a style that the policy does not allow.
  appearance: { disableTransition: false },
  head: [
    ['link', { rel: 'icon', type: 'image/svg+xml', href: '/serval.svg' }],
    ['meta', { name: 'color-scheme', content: 'light dark' }],
  ],
  markdown: {
    theme: codeTheme,
    anchor: { slugify: githubSlug },
    codeTransformers: [codeClasses],
    config(md) {
      // Indented code looks like code between fences.
      md.renderer.rules.code_block = (tokens, index, ...rest) => {
        tokens[index].info = 'text';
        return md.renderer.rules.fence(tokens, index, ...rest);
      };
      // A wide table scrolls by itself, and can be reached with the keyboard.
      md.renderer.rules.table_open = () =>
        '<div class="table" tabindex="0" role="group" aria-label="Table"><table>\n';
      md.renderer.rules.table_close = () => '</table></div>\n';
      for (const cell of ['th_open', 'td_open'])
        md.renderer.rules[cell] = (tokens, index, options, _env, renderer) => {
          const token = tokens[index];
          const isNumber = token.attrGet('style') === 'text-align:right';
          token.attrs = isNumber ? [['class', 'number']] : null;
          // A header without text is none.
          if (token.tag === 'th' && tokens[index + 1].content === '')
            for (const tag of [token, tokens[index + 2]]) tag.tag = 'td';
          return renderer.renderToken(tokens, index, options);
        };
    },
  },
  themeConfig: {
    logo: '/serval.svg',
    nav: [...nav, { text: 'Source', link: repository }],
    sidebar,
    outline: { level: [2, 3], label: 'On this page' },
    search: { provider: 'local' },
    externalLinkIcon: false,
    docFooter: { prev: 'Before', next: 'Next' },
  },
  vite: {
    // A test compares what the build says with nothing: only warnings are of interest.
    logLevel: 'warn',
    build: { chunkSizeWarningLimit: 3000 },
  },
  transformHtml: (html, _id, { siteConfig }) => withoutInlineScripts(html, siteConfig.outDir),
});

/** The anchor of a heading, as it is where the repository is read: links between pages hold in both places. */
function githubSlug(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

/** Puts the scripts that VitePress writes into each page into files: then `script-src 'self'` is enough. */
function withoutInlineScripts(html, folder) {
  // The client sets it again when a menu opens.
  const unstyled = html.replace(/ style="--vp-vh:0px;"/g, '');
  return unstyled.replace(/<script id="([\w-]+)">([\s\S]*?)<\/script>/g, (_whole, id, script) => {
    writeFileSync(join(folder, `${id}.js`), script);
    return `<script id="${id}" src="/${id}.js"></script>`;
  });
}
