/** The port for plain HTTP beside one for HTTPS: it sends clients over there, and answers certificate authorities. */
import { Response } from '../fetch/response.ts';
import { checkInteger, refusal } from '../options/checks.ts';
import type { TlsSource } from '../tls/source.ts';
import type { FetchFunction } from './api.ts';

/** Where an authority looks for the answer to its question (RFC 8555 §8.3). */
const CHALLENGES = '/.well-known/acme-challenge/';
const DEFAULT_HTTPS_PORT = 443;

export interface RedirectOptions {
  /** Where plain HTTP is listened for. */
  port: number;
  /** Where HTTPS is for clients, if they reach it under another port than the one that is listened on. */
  httpsPort?: number;
}

/** @throws {TypeError | RangeError} naming the option. */
export function resolveRedirect(given: number | RedirectOptions | undefined): RedirectOptions | undefined {
  if (given === undefined) return undefined;
  const name = 'options.redirectHttp';
  if (typeof given !== 'object' || given === null) {
    checkInteger(name, given, 0, 65_535);
    return { port: given };
  }
  for (const member of Object.keys(given)) {
    if (member !== 'port' && member !== 'httpsPort')
      throw new TypeError(`${name}.${member}: there is no such option`);
  }
  if (given.port === undefined)
    throw new TypeError(refusal(`${name}.port`, 'an integer from 0 to 65535', undefined));
  checkInteger(`${name}.port`, given.port, 0, 65_535);
  checkInteger(`${name}.httpsPort`, given.httpsPort, 1, 65_535);
  return given;
}

/**
 * Each request is answered 308, so that its method and content stay what they are (RFC 9110 §15.4.9).
 *
 * @param port where clients reach HTTPS.
 */
export function redirectToHttps(port: number, source: TlsSource | undefined): FetchFunction {
  const redirect = (url: string) => {
    const target = new URL(url);
    target.protocol = 'https:';
    target.port = port === DEFAULT_HTTPS_PORT ? '' : String(port);
    return new Response(null, { status: 308, headers: { Location: target.href } });
  };
  return async ({ url }) => {
    const path = new URL(url).pathname;
    if (source?.httpChallenge === undefined || !path.startsWith(CHALLENGES)) return redirect(url);
    const answer = await source.httpChallenge(path.slice(CHALLENGES.length));
    return answer === undefined ? redirect(url) : new Response(answer);
  };
}
