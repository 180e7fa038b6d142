/** One experiment: it opens connections for it, keeps its time, and reports what happens. */
import type { ExperimentReport, Notice, Sentence } from '../messages.ts';
import type { Recorder } from '../recorder/recorder.ts';
import { Http1Client } from './client/http1-client.ts';
import { Http2Client } from './client/http2-client.ts';
import { Link, type LinkHost } from './client/link.ts';
import type { Shown } from './client/shown.ts';
import { Unreachable } from './client/unreachable.ts';
import { type Bench, type Experiment, says } from './experiment.ts';
import type { Place } from './places.ts';
import { Transcript } from './transcript.ts';

/** Between two reports of an experiment that runs. */
const REPORT_MS = 100;
const MOST_SENTENCES = 5;

export interface Setting {
  readonly experiment: Experiment;
  readonly place: Place;
  readonly path: string;
  readonly recorder: Recorder;
  readonly shown: Shown;
  /** Ends it early. */
  readonly stop: AbortController;
  /** Milliseconds after which it is ended. */
  readonly longest: number;
  readonly tell: (notice: Notice) => void;
}

export class OngoingExperiment implements LinkHost, Bench {
  readonly place: Place;
  readonly path: string;
  readonly transcript: Transcript;
  readonly signal: AbortSignal;
  /** Its last report has been told. It never rejects. */
  readonly finished: Promise<void>;
  readonly #setting: Setting;
  readonly #links: Link[] = [];
  readonly #lanes: (number | null)[] = [];
  /** Connections of the recorder up to this one are older than the experiment. */
  readonly #before: number;
  #hasChanged = true;

  constructor(setting: Setting) {
    this.#setting = setting;
    this.place = setting.place;
    this.path = setting.path;
    this.signal = setting.stop.signal;
    this.#before = [...setting.recorder.connections.keys()].at(-1) ?? 0;
    this.transcript = new Transcript(() => {
      this.#hasChanged = true;
    });
    this.finished = this.#run(setting);
  }

  async #run({ experiment, stop, longest }: Setting): Promise<void> {
    let isLate = false;
    const deadline = setTimeout(() => {
      isLate = true;
      stop.abort();
    }, longest);
    const reports = setInterval(() => this.#report('running', []), REPORT_MS);
    let state: ExperimentReport['state'] = 'done';
    let explanation: Sentence[];
    try {
      explanation = await experiment.run(this);
    } catch (error) {
      const isUnreachable = error instanceof Unreachable;
      state = isUnreachable ? 'unreachable' : 'done';
      // Nothing that fails here may end the server beside it.
      const sentence = isUnreachable ? error.message : `The experiment itself failed: ${error}`;
      explanation = this.signal.aborted ? [] : [says(sentence)];
    } finally {
      clearTimeout(deadline);
      clearInterval(reports);
      for (const link of this.#links) link.end();
    }
    if (
      this.isSecure &&
      this.#links.some(({ closedAt, received }) => closedAt !== undefined && received === 0)
    )
      explanation.push(
        says('Over TLS, this may mean that the server requires a client certificate.', 'RFC 8446 §4.3.2'),
      );
    if (isLate)
      explanation.unshift(
        says(`The experiment was ended after ${longest / 1_000} seconds: not everything had come.`),
      );
    this.#hasChanged = true;
    this.#report(state, explanation.slice(0, MOST_SENTENCES));
    for (const link of this.#links) link.destroySoon();
  }

  #report(state: ExperimentReport['state'], explanation: readonly Sentence[]): void {
    if (!this.#hasChanged) return;
    this.#hasChanged = false;
    for (const link of this.#links) this.isOwn(link);
    const { transcript, path, place } = this;
    const { name, isSecure } = place;
    this.#setting.tell({
      type: 'experiment',
      report: {
        ...{
          name: this.#setting.experiment.name,
          state,
          place: name,
          path,
          isSecure,
          took: transcript.now(),
        },
        ...{ lanes: [...this.#lanes], entries: transcript.entries, omitted: transcript.omitted, explanation },
      },
    });
  }

  // --- what an experiment works with ---

  get authority(): string {
    return this.place.authority;
  }

  get isSecure(): boolean {
    return this.place.isSecure;
  }

  now(): number {
    return this.transcript.now();
  }

  async openHttp1(): Promise<Http1Client> {
    return new Http1Client(await this.#open(['http/1.1']), this.transcript, this.#setting.shown);
  }

  async openHttp2(): Promise<Http2Client | undefined> {
    const link = await this.#open(['h2', 'http/1.1']);
    if (this.isSecure && link.protocol !== 'h2') return undefined;
    return new Http2Client(link, this.transcript, this.#setting.shown);
  }

  async #open(protocols: readonly string[]): Promise<Link> {
    const link = new Link(this.#links.length + 1, this);
    this.#links.push(link);
    this.#lanes.push(null);
    await link.open(protocols);
    return link;
  }

  pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.signal.addEventListener('abort', done);
      if (this.signal.aborted) done();
    });
  }

  /** The recorder knows the connection by the port of this end; over a unix socket it is the next one. */
  isOwn(link: Link): boolean {
    const index = link.number - 1;
    if (this.#lanes[index] != null) return true;
    if (link.connectedAt === 0) return false;
    const end = link.localPort === 0 ? undefined : `:${link.localPort}`;
    for (const { row } of this.#setting.recorder.connections.values()) {
      if (row.id <= this.#before || this.#lanes.includes(row.id)) continue;
      if (end !== undefined && !row.remote.endsWith(end)) continue;
      this.#lanes[index] = row.id;
      return true;
    }
    return false;
  }
}
