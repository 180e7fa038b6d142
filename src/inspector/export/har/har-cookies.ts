/** Cookies as a HAR file lists them (RFC 6265 §4.1.1, §4.2.1). */
import type { Fields } from '../../wording/sent-again.ts';

const valuesOf = (fields: Fields, name: string): string[] =>
  fields.filter(([own]) => own.toLowerCase() === name).map(([, value]) => value);

export function requestCookies(fields: Fields): object[] {
  return valuesOf(fields, 'cookie').flatMap((value) =>
    value
      .split(/;\s*/)
      .filter((pair) => pair !== '')
      .map(pairIn),
  );
}

export function responseCookies(fields: Fields): object[] {
  return valuesOf(fields, 'set-cookie').map((value) => {
    const [pair = '', ...attributes] = value.split(/;\s*/);
    return { ...pairIn(pair), ...Object.assign({}, ...attributes.map(attributeIn)) };
  });
}

function pairIn(pair: string): { name: string; value: string } {
  const equals = pair.indexOf('=');
  // RFC 6265bis §5.6: a cookie without a name is all value.
  return { name: pair.slice(0, Math.max(0, equals)), value: pair.slice(equals + 1) };
}

/** Those that HAR has a member for. */
function attributeIn(text: string): object {
  const { name, value } = pairIn(text.includes('=') ? text : `${text}=`);
  switch (name.toLowerCase()) {
    case 'path':
      return { path: value };
    case 'domain':
      return { domain: value };
    case 'expires': {
      const time = Date.parse(value);
      return Number.isNaN(time) ? {} : { expires: new Date(time).toISOString() };
    }
    case 'httponly':
      return { httpOnly: true };
    case 'secure':
      return { secure: true };
    default:
      return {};
  }
}
