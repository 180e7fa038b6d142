/** The text that is printed for a fault of the application: the request, the place in the application's code, and the error. */
import { inspect } from 'node:util';

/** What a request asked for, as far as logs need it. */
export interface FaultedRequest {
  readonly method: string;
  readonly path: string;
}

/** Where stack traces place the files of Serval. Source maps may change that, so it is read from a trace. */
const OWN_PLACE = /((?:file:)?\/.*)server\/fault-text\./.exec(new Error().stack ?? '')?.[1];

const MAX_PATH = 200;

/**
 * @param where the function that failed, such as `fetch()`.
 * @returns for example `GET /users/1: fetch() at file:///app/users.js:12:9` and, from the next line on, the error. Frames of
 *   Serval and of the runtime are left out, so that the first one is of the application or of a library that it uses.
 */
export function faultText(error: unknown, where: string, request?: FaultedRequest): string {
  const lines = inspect(error).split('\n');
  const foreign = lines.filter((line) => !isInternal(line));
  const shown = foreign.some(isFrame) ? foreign : lines;
  const place = foreign.find((line) => isFrame(line) && !line.includes('/node_modules/'));
  return `${aboutRequest(request)}${where}${place === undefined ? '' : ` at ${placeIn(place)}`}\n${shown.join('\n')}`;
}

function aboutRequest(request: FaultedRequest | undefined): string {
  if (request === undefined) return '';
  // A query may contain secrets.
  const path = request.path.replace(/\?.*$/s, '');
  return `${request.method} ${path.length > MAX_PATH ? `${path.slice(0, MAX_PATH)}…` : path}: `;
}

const isFrame = (line: string): boolean => /^\s+at /.test(line);

const isInternal = (line: string): boolean =>
  isFrame(line) && ((OWN_PLACE !== undefined && line.includes(OWN_PLACE)) || /[( ]node:/.test(line));

/** `    at async handler (file:///app/users.js:12:9)` → `file:///app/users.js:12:9` */
const placeIn = (frame: string): string =>
  /\(([^()]*)\)[^()]*$/.exec(frame)?.[1] ?? frame.trim().replace(/^at (async )?/, '');
