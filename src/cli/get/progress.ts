/** One line that shows the progress of a download, and is overwritten again and again. */
export interface ProgressOptions {
  readonly print: (text: string) => void;
  /** Bytes, or `undefined` if the length is not known. */
  readonly total: number | undefined;
  readonly now: () => number;
}

/** Shorter downloads end before the line could be read. */
const FIRST_MS = 1_000;
const EVERY_MS = 200;

export class Progress {
  readonly #options: ProgressOptions;
  readonly #begunAt: number;
  #bytes = 0;
  #next: number;
  #isShown = false;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#begunAt = options.now();
    this.#next = this.#begunAt + FIRST_MS;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    const now = this.#options.now();
    if (now < this.#next) return;
    this.#next = now + EVERY_MS;
    this.#isShown = true;
    this.#options.print(`\r${this.#line(now)}\x1b[K`);
  }

  /** Erases the line. */
  end(): void {
    if (this.#isShown) this.#options.print('\r\x1b[K');
  }

  #line(now: number): string {
    const { total } = this.#options;
    const rate = this.#bytes / ((now - this.#begunAt) / 1_000);
    const soFar = `${readableSize(this.#bytes)}, ${readableSize(rate)}/s`;
    if (total === undefined || total === 0) return soFar;
    const part = Math.floor((this.#bytes / total) * 100);
    const seconds = Math.ceil((total - this.#bytes) / Math.max(rate, 1));
    return `${String(part).padStart(3)} % of ${readableSize(total)}, ${readableSize(rate)}/s, ${timeLeft(seconds)} left`;
  }
}

export function readableSize(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = bytes;
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
