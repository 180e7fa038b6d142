/** What the documents of the inspector have in common: the head, the title and the figures above. */
import { Markup } from '../html/html.ts';
import { documentHead } from '../html/page-head.ts';

export interface PageFrame {
  readonly title: string;
  readonly heading: string;
  /** Below `page/`. */
  readonly script: string;
  /** The name in `fig-…`, and the title. */
  readonly figures: readonly (readonly [id: string, title: string])[];
  /** A link past all of that. */
  readonly skip?: string;
  readonly main: string;
}

/** The document. It contains no data: all of it comes over the WebSocket, and is written as text. */
export function framedPage({ title, heading, script, figures, skip = '', main }: PageFrame): string {
  const elements = `<link rel="stylesheet" href="style.css">
<script type="module" src="page/${script}"></script>`;
  const shown = figures.map(([id, name]) => `<div><dt>${name}</dt><dd id="fig-${id}">–</dd></div>`);
  return `${documentHead(title, new Markup(elements)).text}
<body>
${skip}<header>
<div class="title"><h1>${heading}</h1> <span id="state" data-state="live" role="status">Connecting</span>
<span id="where" class="soft"></span></div>
<dl class="figures">
${shown.join('\n')}
</dl>
</header>
<main>
${main}
</main>
</body>
</html>
`;
}
