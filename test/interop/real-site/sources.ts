/**
 * A small single-page application with several routes, a separate chunk for one of them, an image, and an audio file. Vite builds
 * it for `npm run interop -- real-site`; the tests use it unbuilt, with names like those of a build.
 */
import { risingTone } from './tone.ts';

export const TONE_SECONDS = 60;

const ALBUMS = Array.from({ length: 60 }, (_, i) => ({
  id: i + 1,
  title: `${['Savanna', 'Long grass', 'Night walk', 'Listening', 'High leap', 'Spots and stripes'][i % 6]}, part ${Math.floor(i / 6) + 1}`,
  year: 1970 + ((i * 7) % 55),
}));

const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img" aria-label="Serval FM">
<path fill="#d9822b" d="M8 6l14 14h20L56 6l-2 30c0 12-10 22-22 22S10 48 10 36z"/>
<g fill="#3b2412"><circle cx="24" cy="34" r="3"/><circle cx="40" cy="34" r="3"/><path d="M28 44h8l-4 4z"/></g></svg>
`;

const STYLE = `:root { color-scheme: light dark; --ink: light-dark(#2b1d10, #f3e7d8); --paper: light-dark(#fbf6ee, #17120d);
  --accent: light-dark(#a4510a, #f0a552); }
body { margin: 0 auto; max-width: 46rem; padding: 1.5rem; font: 1.05rem/1.6 system-ui, sans-serif;
  color: var(--ink); background: var(--paper); }
header { display: flex; gap: 1.5rem; align-items: center; border-bottom: 1px solid; padding-bottom: 1rem; }
header img { width: 3rem; }
a { color: var(--accent); }
ol { columns: 2; }
audio { width: 100%; }
`;

/** The names in a built site. */
export interface Names {
  /** Statements that bind `tone` and `logo` to URLs and load the style. */
  readonly imports: string;
  readonly albumChunk: string;
}

const mainScript = ({ imports, albumChunk }: Names): string => `${imports}
const routes = {
  '/': () => '<h1>Serval FM</h1><p>A site of several pages, of which the server knows one.</p>',
  '/listen': () => '<h1>Listen</h1><p>A tone that rises for a minute.</p><audio controls preload="metadata" src="' + tone + '"></audio>',
  '/albums': async () => (await import('${albumChunk}')).list(),
};

async function show() {
  const path = location.pathname;
  const album = /^\\/albums\\/(\\d+)$/.exec(path);
  const main = document.querySelector('main');
  if (album) main.innerHTML = (await import('${albumChunk}')).album(Number(album[1]));
  else main.innerHTML = await (routes[path] ?? (() => '<h1>No such page</h1>'))();
  document.title = main.querySelector('h1').textContent;
}

document.querySelector('header img').src = logo;
document.addEventListener('click', (event) => {
  const link = event.target.closest('a');
  if (link?.origin !== location.origin) return;
  event.preventDefault();
  history.pushState(null, '', link.href);
  show();
});
addEventListener('popstate', show);
show();
`;

const ALBUM_SCRIPT = `const albums = ${JSON.stringify(ALBUMS)};
export const list = () => '<h1>Albums</h1><ol>' + albums.map(({ id, title }) =>
  '<li><a href="/albums/' + id + '">' + title + '</a></li>').join('') + '</ol>';
export const album = (id) => {
  const found = albums.find((each) => each.id === id);
  return found ? '<h1>' + found.title + '</h1><p>Album ' + id + ', of ' + found.year + '.</p>' : '<h1>No such album</h1>';
};
`;

const page = (head: string, end: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>Serval FM</title>
${head}</head>
<body>
<header><img alt=""><a href="/">Home</a><a href="/albums">Albums</a><a href="/listen">Listen</a></header>
<main></main>
${end}</body>
</html>
`;

type Tree = Readonly<Record<string, string | Buffer>>;

/** The sources for Vite. */
export function viteSources(): Tree {
  const imports =
    "import './style.css';\nimport tone from './tone.wav';\nimport logo from './logo.svg?no-inline';";
  return {
    'index.html': page('', '<script type="module" src="/src/main.js"></script>\n'),
    'src/main.js': mainScript({ imports, albumChunk: './album.js' }),
    'src/album.js': ALBUM_SCRIPT,
    'src/style.css': STYLE,
    'src/logo.svg': LOGO,
    'src/tone.wav': risingTone(TONE_SECONDS),
    'public/robots.txt': 'User-agent: *\nAllow: /\n',
  };
}

/** The same, with the names of a build. */
export function builtSite(): Tree {
  const imports = "const tone = '/assets/tone-Cq2xT0bE.wav';\nconst logo = '/assets/logo-D4kP9sLm.svg';";
  return {
    'index.html': page(
      '<link rel="stylesheet" href="/assets/index-B1yWqRz3.css">\n',
      '<script type="module" src="/assets/index-DmX7aR2w.js"></script>\n',
    ),
    'assets/index-DmX7aR2w.js': mainScript({ imports, albumChunk: './album-A5uVn8Je.js' }),
    'assets/album-A5uVn8Je.js': ALBUM_SCRIPT,
    'assets/index-B1yWqRz3.css': STYLE,
    'assets/logo-D4kP9sLm.svg': LOGO,
    'assets/tone-Cq2xT0bE.wav': risingTone(TONE_SECONDS),
    'robots.txt': 'User-agent: *\nAllow: /\n',
  };
}
