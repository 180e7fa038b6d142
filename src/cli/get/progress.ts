/** One line that says how far a download is, written over again and again. */
export interface ProgressOptions {
  readonly print: (text: string) => void;
  /** Octets, or `undefined` when nobody knows. */
  readonly total: number | undefined;
  readonly now: () => number;
}

/** Shorter ones are over before anybody has read it. */
const FIRST_MS = 1_000;
const EVERY_MS = 200;

export class Progress {
  readonly #options: ProgressOptions;
  readonly #begunAt: number;
  #octets = 0;
  #next: number;
  #isShown = false;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#begunAt = options.now();
    this.#next = this.#begunAt + FIRST_MS;
  }

  add(octets: number): void {
    this.#octets += octets;
    const now = this.#options.now();
    if (now < this.#next) return;
    this.#next = now + EVERY_MS;
    this.#isShown = true;
    this.#options.print(`\r${this.#line(now)}\x1b[K`);
  }

  /** Takes the line away. */
  end(): void {
    if (this.#isShown) this.#options.print('\r\x1b[K');
  }

  #line(now: number): string {
    const { total } = this.#options;
    const rate = this.#octets / ((now - this.#begunAt) / 1_000);
    const soFar = `${octetsForPeople(this.#octets)}, ${octetsForPeople(rate)}/s`;
    if (total === undefined || total === 0) return soFar;
    const part = Math.floor((this.#octets / total) * 100);
    const seconds = Math.ceil((total - this.#octets) / Math.max(rate, 1));
    return `${String(part).padStart(3)} % of ${octetsForPeople(total)}, ${octetsForPeople(rate)}/s, ${timeLeft(seconds)} left`;
  }
}

export function octetsForPeople(octets: number): string {
  const units = ['octets', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = octets;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${unit === 0 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

function timeLeft(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
