/** What an experiment has shown: its explanation, its transcript, and the way to its lanes. */
import type { ExperimentCard, ExperimentReport } from '../../messages.ts';
import { duration, plural } from '../durations.ts';
import { byId, element, setText } from '../element.ts';
import { TranscriptView } from './transcript-view.ts';

export interface OutcomeActions {
  onAgain(): void;
  onLanes(ids: readonly number[]): void;
}

const STATES: Readonly<Record<ExperimentReport['state'], string>> = {
  running: 'Running',
  done: 'Done',
  unreachable: 'Not reachable',
  refused: 'Not begun',
};

export class Outcome {
  readonly #root = byId('outcome-result');
  readonly #actions: OutcomeActions;
  readonly #state = element('span', { class: 'outcome-state' });
  readonly #facts = element('p', { class: 'outcome-facts' });
  readonly #explanation = element('ol', { class: 'sentences' });
  readonly #omitted = element('p', { class: 'soft' });
  readonly #lanes = element('button', {
    type: 'button',
    onclick: () => this.#actions.onLanes(this.#laneIds),
  });
  readonly #hex: HTMLButtonElement;
  readonly #again: HTMLButtonElement;
  #transcript = new TranscriptView();
  #laneIds: readonly number[] = [];

  constructor(actions: OutcomeActions) {
    this.#actions = actions;
    this.#again = element('button', { type: 'button', onclick: () => actions.onAgain() }, 'Run again');
    this.#hex = element(
      'button',
      { type: 'button', 'aria-pressed': 'false', onclick: () => this.#toggleHex() },
      'Hexadecimal',
    );
  }

  /** A new experiment begins. */
  begin({ title }: ExperimentCard): void {
    this.#transcript = new TranscriptView();
    this.#explanation.replaceChildren();
    this.#explanation.hidden = true;
    this.#lanes.hidden = true;
    this.#again.disabled = true;
    this.#state.dataset['state'] = 'running';
    setText(this.#state, STATES.running);
    setText(this.#facts, '');
    const ends = element('div', { class: 'ends', 'aria-hidden': 'true' });
    ends.append(element('span', {}, 'Client'), element('span', {}, 'time'), element('span', {}, 'Server'));
    byId('outcome-empty').hidden = true;
    // The name of the section is the title of what it shows.
    byId('outcome-title')?.removeAttribute('id');
    this.#root.replaceChildren(
      element(
        'div',
        { class: 'outcome-head' },
        element('h2', { id: 'outcome-title' }, title),
        this.#state,
        element('div', { class: 'outcome-tools' }, this.#again, this.#lanes, this.#hex),
      ),
      this.#facts,
      this.#explanation,
      element('h3', { class: 'visually-hidden' }, 'Transcript'),
      ends,
      this.#transcript.root,
      this.#omitted,
    );
    this.#root.hidden = false;
  }

  show(report: ExperimentReport): void {
    const { state, place, path, lanes, took, entries, omitted, explanation, isSecure } = report;
    this.#laneIds = lanes.filter((id) => id !== null);
    this.#state.dataset['state'] = state;
    setText(this.#state, STATES[state]);
    const facts = [`${place.replace(/\/$/, '')}${path}`, plural(lanes.length, 'connection'), duration(took)];
    if (isSecure) facts.push('encrypted on the wire, shown decrypted');
    setText(this.#facts, state === 'refused' ? '' : facts.join(' · '));
    this.#explanation.replaceChildren(
      ...explanation.map(({ text, source, url }) =>
        element(
          'li',
          {},
          text,
          ' ',
          url === undefined
            ? undefined
            : element('a', { href: url, target: '_blank', rel: 'noreferrer noopener' }, source),
        ),
      ),
    );
    this.#explanation.hidden = explanation.length === 0;
    const isRunning = state === 'running';
    this.#again.disabled = isRunning;
    this.#lanes.hidden = isRunning || this.#laneIds.length === 0;
    setText(this.#lanes, `Show ${this.#laneIds.length === 1 ? 'its lane' : 'its lanes'}`);
    const isEmpty = entries.length === 0;
    for (const part of [
      this.#transcript.root,
      this.#transcript.root.previousElementSibling as HTMLElement,
      this.#hex,
    ])
      part.hidden = isEmpty;
    this.#transcript.show(report);
    this.#omitted.hidden = omitted === 0;
    setText(this.#omitted, `${omitted} more are not shown.`);
  }

  #toggleHex(): void {
    const isShown = this.#root.classList.toggle('shows-hex');
    this.#hex.setAttribute('aria-pressed', String(isShown));
  }
}
