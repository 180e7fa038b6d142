/** The tabs of the page, as WAI-ARIA describes them: one stop for the tab key, arrows go from tab to tab and show what they reach. */
import { byId } from './element.ts';

/** In the address, so that a reload shows the same tab. */
const TRY_IT = '#try';

export class Tabs {
  readonly #tabs = [...document.querySelectorAll<HTMLButtonElement>('[role=tab]')];
  readonly #onShow: () => void;

  /** @param onShow another tab is shown. */
  constructor(onShow: () => void) {
    this.#onShow = onShow;
    const list = this.#tabs[0]!.parentElement!;
    list.addEventListener('click', ({ target }) => {
      const tab = (target as Element).closest<HTMLButtonElement>('[role=tab]');
      if (tab !== null) this.show(tab.id);
    });
    list.addEventListener('keydown', (event) => this.#onKey(event));
    this.#select(location.hash === TRY_IT ? 'tab-try' : 'tab-connections');
  }

  get showsConnections(): boolean {
    return !byId('connections-view').hidden;
  }

  show(id: string): void {
    this.#select(id);
    history.replaceState(null, '', id === 'tab-try' ? TRY_IT : location.pathname);
    this.#onShow();
  }

  #select(id: string): void {
    for (const tab of this.#tabs) {
      const isShown = tab.id === id;
      tab.setAttribute('aria-selected', String(isShown));
      tab.tabIndex = isShown ? 0 : -1;
      byId(tab.getAttribute('aria-controls')!).hidden = !isShown;
    }
    // It leads into the first tab.
    document.querySelector<HTMLElement>('.skip')!.hidden = id !== 'tab-connections';
  }

  #onKey(event: KeyboardEvent): void {
    const tabs = this.#tabs;
    const at = tabs.indexOf(document.activeElement as HTMLButtonElement);
    const targets: Readonly<Record<string, number>> = {
      ArrowRight: (at + 1) % tabs.length,
      ArrowLeft: (at + tabs.length - 1) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    };
    const to = tabs[targets[event.key] ?? -1];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    this.show(to.id);
    to.focus();
  }
}
