/** The links that export what the filter shows, as a HAR file or as a capture file. */
import { byId } from './element.ts';
import type { View } from './view.ts';

export class ExportLinks {
  readonly #links = [...byId('export').querySelectorAll('a')];
  readonly #view: View;

  constructor(view: View) {
    this.#view = view;
  }

  draw(): void {
    const { path, status, connection, frozenAt } = this.#view;
    const given = Object.entries({ path, status, connection }).filter(([, value]) => value !== '');
    // While the time is stopped, what came later is not shown.
    if (frozenAt !== undefined) given.push(['until', String(frozenAt)]);
    const query = new URLSearchParams(given).toString();
    for (const link of this.#links) {
      const address = link.pathname.split('/').at(-1)! + (query === '' ? '' : `?${query}`);
      if (link.getAttribute('href') !== address) link.setAttribute('href', address);
    }
  }
}
