/**
 * Runs experiments: a client in this process meets the server of this process at one of its own addresses. One at a time, for at most
 * ten seconds, and with a bound on what is read and kept.
 */
import type { Listener } from '../../server/running-server.ts';
import type { Notice, Question } from '../messages.ts';
import type { Recorder } from '../recorder/recorder.ts';
import { EXPERIMENTS } from './catalogue.ts';
import type { Shown } from './client/shown.ts';
import { says } from './experiment.ts';
import { OngoingExperiment } from './ongoing-experiment.ts';
import { placesOf } from './places.ts';

const LONGEST_MS = 10_000;
/** origin-form (RFC 9112 §3.2.1), of visible ASCII: nothing in it can end the request-line. */
const PATH = /^\/[\x21-\x22\x24-\x7e]{0,499}$/;

type Trial = Extract<Question, { type: 'try' }>;
type Tell = (notice: Notice) => void;

export class Laboratory {
  readonly #recorder: Recorder;
  readonly #server: Iterable<Listener>;
  readonly #longest: number;
  readonly #shown: Shown;
  #running: { readonly owner: unknown; readonly stop: AbortController } | undefined;

  /** @param longest milliseconds after which an experiment is ended. */
  constructor(recorder: Recorder, server: Iterable<Listener>, shown: Shown, longest = LONGEST_MS) {
    this.#longest = longest;
    this.#recorder = recorder;
    this.#server = server;
    this.#shown = shown;
  }

  get offer(): Notice {
    const cards = EXPERIMENTS.map(({ name, group, title, summary }) => ({ name, group, title, summary }));
    return { type: 'experiments', cards };
  }

  get places(): string[] {
    return placesOf(this.#server).map(({ name }) => name);
  }

  /** @param owner whoever asks: with it, the experiment ends. */
  async run({ name, path, place: wanted }: Trial, owner: unknown, tell: Tell): Promise<void> {
    const experiment = EXPERIMENTS.find((one) => one.name === name);
    if (experiment === undefined) return;
    const place = placesOf(this.#server).find((one) => one.name === wanted);
    const refuse = (sentence: string): void => {
      const nothing = { isSecure: false, took: 0, lanes: [], entries: [], omitted: 0 };
      const explanation = [says(sentence)];
      tell({
        type: 'experiment',
        report: { name, state: 'refused', place: wanted, path, ...nothing, explanation },
      });
    };
    if (this.#running !== undefined)
      return refuse('Another experiment is running, perhaps on another page. There is one at a time.');
    if (place === undefined) return refuse('The server does not listen at this address any more.');
    if (!PATH.test(path))
      return refuse(
        'A path begins with / and consists of visible ASCII characters, at most 500. Encode others with %.',
      );
    const stop = new AbortController();
    this.#running = { owner, stop };
    try {
      await new OngoingExperiment({
        ...{ experiment, place, path, stop, tell },
        ...{ recorder: this.#recorder, shown: this.#shown, longest: this.#longest },
      }).finished;
    } finally {
      this.#running = undefined;
    }
  }

  /** Ends the experiment of this owner; of everyone if there is none given. */
  stop(owner?: unknown): void {
    if (owner === undefined || this.#running?.owner === owner) this.#running?.stop.abort();
  }
}
