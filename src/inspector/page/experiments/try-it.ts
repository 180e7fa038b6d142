/** The second tab: a button for each experiment, and what the last one has shown. */
import type { ExperimentCard, ExperimentReport, Question } from '../../messages.ts';
import { duration } from '../durations.ts';
import { byId, element, setText } from '../element.ts';
import type { Store } from '../store.ts';
import { Outcome } from './outcome.ts';

export interface TryItHost {
  readonly store: Store;
  ask(question: Question): void;
  onLanes(ids: readonly number[]): void;
}

/** Paths that are suggested: the last ones that were requested. */
const MOST_PATHS = 20;

interface Card extends ExperimentCard {
  readonly button: HTMLButtonElement;
  readonly result: HTMLElement;
}

export class TryIt {
  readonly #host: TryItHost;
  readonly #outcome: Outcome;
  readonly #path = byId<HTMLInputElement>('try-path');
  readonly #place = byId<HTMLSelectElement>('try-place');
  readonly #root = byId('try-cards');
  #cards: readonly Card[] = [];
  #chosen: Card | undefined;
  #isRunning = false;

  constructor(host: TryItHost) {
    this.#host = host;
    this.#outcome = new Outcome({
      onAgain: () => this.#run(this.#chosen!),
      onLanes: (ids) => host.onLanes(ids),
    });
    byId('try-aim').addEventListener('submit', (event) => {
      event.preventDefault();
      const card = this.#chosen ?? this.#cards[0];
      if (card !== undefined) this.#run(card);
    });
    this.#path.addEventListener('focus', () => this.#suggestPaths());
    this.#root.addEventListener('keydown', (event) => this.#onKey(event));
  }

  /** What there is to try. It comes again when the connection to the inspector does. */
  offer(cards: readonly ExperimentCard[]): void {
    this.#isRunning = false;
    this.#chosen = undefined;
    this.#cards = cards.map((card) => this.#cardFor(card));
    const groups = [...new Set(cards.map(({ group }) => group))];
    this.#root.replaceChildren(
      ...groups.map((group) =>
        element(
          'div',
          { class: 'try-group' },
          element('h2', {}, group),
          ...this.#cards.filter((card) => card.group === group).map(({ button }) => button),
        ),
      ),
    );
    this.#cards.forEach(({ button }, i) => {
      button.tabIndex = i === 0 ? 0 : -1;
    });
  }

  /** The server may listen at other addresses than before. */
  onNews(): void {
    const places = this.#host.store.server?.places;
    if (places === undefined) return;
    const known = [...this.#place.options].map(({ value }) => value);
    if (places.join(' ') === known.join(' ') && places.length > 0) return;
    const before = this.#place.value;
    this.#place.replaceChildren(...places.map((place) => element('option', { value: place }, place)));
    if (places.includes(before)) this.#place.value = before;
    byId('try-place-label').hidden = places.length < 2;
    const note =
      places.length === 0
        ? 'The server does not listen at any address, so nothing can be tried.'
        : places.every((place) => place.startsWith('https:'))
          ? 'This server speaks only TLS. The transcript shows what was encrypted on the wire.'
          : '';
    byId('try-note').hidden = note === '';
    setText(byId('try-note'), note);
    for (const { button } of this.#cards) button.disabled = places.length === 0;
  }

  show(report: ExperimentReport): void {
    const card = this.#chosen;
    if (card?.name !== report.name) return;
    this.#isRunning = report.state === 'running';
    this.#outcome.show(report);
    card.button.dataset['state'] = report.state;
    const results = {
      running: '…',
      done: duration(report.took),
      unreachable: 'not reachable',
      refused: 'not begun',
    };
    setText(card.result, results[report.state]);
    if (this.#isRunning) return;
    const [first] = report.explanation;
    setText(byId('try-said'), `${card.title}: ${results[report.state]}. ${first?.text ?? ''}`);
  }

  #run(card: Card): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#chosen = card;
    for (const { button } of this.#cards) {
      button.setAttribute('aria-pressed', String(button === card.button));
      button.tabIndex = button === card.button ? 0 : -1;
    }
    setText(byId('try-said'), '');
    this.#outcome.begin(card);
    const path = this.#path.value.trim() || '/';
    this.#host.ask({ type: 'try', name: card.name, path, place: this.#place.value });
    // Below the buttons on a narrow page.
    const outcome = byId('outcome');
    if (outcome.offsetTop > card.button.offsetTop + card.button.offsetHeight)
      outcome.scrollIntoView({ block: 'start' });
  }

  #cardFor(card: ExperimentCard): Card {
    const result = element('span', { class: 'card-result' });
    const button = element(
      'button',
      {
        type: 'button',
        class: 'card',
        'data-name': card.name,
        'aria-pressed': 'false',
        onclick: () => this.#run(made),
      },
      element('span', { class: 'card-title' }, card.title),
      element('span', { class: 'card-summary' }, card.summary),
      result,
    );
    const made = { ...card, button, result };
    return made;
  }

  /** One stop for the tab key; arrows go from button to button. */
  #onKey(event: KeyboardEvent): void {
    const buttons = this.#cards.map(({ button }) => button);
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const steps: Readonly<Record<string, number>> = {
      ...{ ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1 },
      ...{ Home: 0, End: buttons.length - 1 },
    };
    const to = buttons[steps[event.key] ?? -1];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    for (const button of buttons) button.tabIndex = button === to ? 0 : -1;
    to.focus();
  }

  #suggestPaths(): void {
    const paths = [...this.#host.store.exchanges.values()].map(({ path }) => path);
    const last = [...new Set(paths.reverse())].filter(
      (path) => path.startsWith('/') && !path.includes('[hidden]'),
    );
    byId('try-paths').replaceChildren(
      ...last.slice(0, MOST_PATHS).map((path) => element('option', { value: path })),
    );
  }
}
