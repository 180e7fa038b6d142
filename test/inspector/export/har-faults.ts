/** Checks the structure of a HAR file: the members that version 1.2 demands, and the kinds of their values. */

type Check = (value: unknown) => string[];
type Members = Readonly<Record<string, Check>>;

const kind =
  (expected: string, isSo: (value: unknown) => boolean): Check =>
  (value) =>
    isSo(value) ? [] : [`expected ${expected}, got ${JSON.stringify(value)}`];

const text = kind('text', (value) => typeof value === 'string');
const integer = kind('an integer from -1', (value) => Number.isInteger(value) && (value as number) >= -1);
const status = kind(
  'a status',
  (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < 600,
);
const duration = kind('a duration', (value) => typeof value === 'number' && value >= 0);
const durationOrUnknown = kind('a duration or -1', (value) => value === -1 || duration(value).length === 0);
const flag = kind('a boolean', (value) => typeof value === 'boolean');
const time = kind('a time of ISO 8601', (value) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(String(value)),
);
/** RFC 3986 §4.3 */
const uri = kind('a URI', (value) =>
  /^https?:\/\/[\w\-.~%:[\]]+\/[\w\-.~:/?@!$&'()*+,;=%]*$/.test(String(value)),
);
const address = kind('an IP address', (value) => /^[\d.]+$|^[\da-f:]+$/.test(String(value)));

const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value)
      ? value.flatMap((item, i) => check(item).map((fault) => `[${i}] ${fault}`))
      : ['expected a list'];

/** Members of others' own begin with an underscore. */
const objectOf =
  (required: Members, optional: Members = {}): Check =>
  (value) => {
    if (typeof value !== 'object' || value === null) return ['expected an object'];
    const known: Members = { ...required, ...optional };
    const missing = Object.keys(required).filter((name) => !Object.hasOwn(value, name));
    const faults = Object.entries(value).flatMap(([name, member]) => {
      if (name.startsWith('_')) return [];
      const check = name === 'comment' ? text : known[name];
      return check === undefined ? [`${name}: unknown`] : check(member).map((fault) => `${name}: ${fault}`);
    });
    return [...missing.map((name) => `${name}: missing`), ...faults];
  };

const named = objectOf({ name: text, value: text });
const cookie = objectOf(
  { name: text, value: text },
  { path: text, domain: text, expires: time, httpOnly: flag, secure: flag },
);

const message: Members = {
  httpVersion: text,
  cookies: listOf(cookie),
  headers: listOf(named),
  headersSize: integer,
  bodySize: integer,
};

const request = objectOf(
  { ...message, method: text, url: uri, queryString: listOf(named) },
  { postData: objectOf({ mimeType: text, text, params: listOf(named) }) },
);

const response = objectOf({
  ...message,
  status,
  statusText: text,
  redirectURL: text,
  content: objectOf(
    { size: integer, mimeType: text },
    { text, encoding: text, compression: kind('a number', Number.isInteger) },
  ),
});

const timings = objectOf(
  { send: duration, wait: duration, receive: duration },
  { blocked: durationOrUnknown, dns: durationOrUnknown, connect: durationOrUnknown, ssl: durationOrUnknown },
);

const entry = objectOf(
  { startedDateTime: time, time: duration, request, response, cache: objectOf({}), timings },
  { serverIPAddress: address, connection: text },
);

const file = objectOf({
  log: objectOf(
    {
      version: kind('1.2', (value) => value === '1.2'),
      creator: objectOf({ name: text, version: text }),
      entries: listOf(entry),
    },
    { pages: listOf(objectOf({})) },
  ),
});

/** @returns what is wrong, a line each. */
export const harFaults = (har: unknown): string[] => file(har);
