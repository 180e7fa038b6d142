/**
 * The origins that `cors.origins` lists, in the form that clients send (RFC 6454 §7):
 *
 *     https://app.example            exactly this one
 *     https://*.app.example          every sub-domain of app.example, at any depth, but not app.example itself
 *     capacitor://localhost          an application, or a browser extension, whose scheme is not the web's
 */

export type OriginPattern = (origin: string) => boolean;

/** Schemes that a script's origin has only as `http`, `https` or `null`, so that no such text could ever match. */
const NEVER_SENT = /^(ws|wss|ftp|file|data|blob|about|javascript):/i;

/** @throws {TypeError} for a text that no origin could match, with what to write instead. */
export function parseOriginPattern(text: string): OriginPattern {
  if (text === 'null')
    throw new TypeError('"null" is the origin of files and sandboxed pages of any site; it cannot be listed');
  if (text.includes('*')) return wildcard(text);
  const isWeb = /^https?:/i.test(text);
  const isOther = !NEVER_SENT.test(text) && /^[a-z][a-z\d+.-]*:\/\/[\w.-]+(:\d{1,5})?$/.test(text);
  if (isWeb ? serialized(text) === text : isOther) return (origin) => origin === text;
  throw notAnOrigin(text, isWeb ? serialized(text) : undefined);
}

function wildcard(text: string): OriginPattern {
  const [, scheme, suffix] = /^(https?:\/\/)\*(\.[^*]+)$/.exec(text) ?? [];
  const example = `${scheme}a${suffix}`;
  const host = suffix?.replace(/:\d+$/, '').slice(1) ?? '';
  // `*.com` would be almost every site.
  const isBroad = !host.includes('.') && host !== 'localhost';
  if (suffix === undefined || serialized(example) !== example || isBroad) throw notAnOrigin(text);
  return (origin) =>
    origin.startsWith(scheme!) &&
    origin.endsWith(suffix) &&
    /^[\w-]+(\.[\w-]+)*$/.test(origin.slice(scheme!.length, -suffix.length));
}

/** The URL's origin as clients send it, or `undefined`. */
function serialized(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined;
}

function notAnOrigin(text: string, instead?: string): TypeError {
  const examples = instead ?? 'https://app.example, https://*.app.example or capacitor://localhost';
  return new TypeError(`expected an origin such as ${examples}, got ${JSON.stringify(text)}`);
}
