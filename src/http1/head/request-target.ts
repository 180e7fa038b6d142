/** The four forms of a request-target (RFC 9112 §3.2). */

import type { Rejection } from '../../octets/rejection.ts';
import { isAuthority, isHostAndPort } from '../../semantics/address/authority.ts';
import { REJECTIONS } from '../rejections.ts';

export type TargetForm = 'origin' | 'absolute' | 'authority' | 'asterisk';

export interface RequestTarget {
  readonly form: TargetForm;
  /** Path and query as sent, or `*`; empty in authority-form. */
  readonly path: string;
  /** The authority in the target, or `undefined`: then the Host field names it. */
  readonly authority: string | undefined;
  /** `http` or `https` in absolute-form. */
  readonly scheme: string | undefined;
}

const ASTERISK: RequestTarget = { form: 'asterisk', path: '*', authority: undefined, scheme: undefined };

/** @param target the scanner of the request-line has checked that its octets are of the class TARGET. */
export function parseRequestTarget(method: string, target: string): RequestTarget | Rejection {
  if (method === 'CONNECT') {
    // CONNECT has authority-form only, and no other method has it (RFC 9112 §3.2.3).
    if (!isHostAndPort(target)) return REJECTIONS.TargetSyntax;
    return { form: 'authority', path: '', authority: target, scheme: undefined };
  }
  if (target.charCodeAt(0) === 0x2f)
    return { form: 'origin', path: target, authority: undefined, scheme: undefined };
  // Only a server-wide OPTIONS has asterisk-form (RFC 9112 §3.2.4).
  if (target === '*') return method === 'OPTIONS' ? ASTERISK : REJECTIONS.TargetSyntax;
  return parseAbsoluteForm(method, target);
}

/** absolute-form = absolute-URI (RFC 9112 §3.2.2). Only `http` and `https` are accepted, with an authority. */
function parseAbsoluteForm(method: string, target: string): RequestTarget | Rejection {
  const colon = target.indexOf('://');
  if (colon < 0) return REJECTIONS.TargetSyntax;
  const scheme = target.slice(0, colon).toLowerCase();
  if (scheme !== 'http' && scheme !== 'https') return REJECTIONS.TargetSyntax;
  const start = colon + 3;
  let end = start;
  while (end < target.length && target[end] !== '/' && target[end] !== '?') end++;
  const authority = target.slice(start, end);
  if (!isAuthority(authority)) return REJECTIONS.HostSyntax;
  let path = target.slice(end);
  if (path === '' && method === 'OPTIONS') return { form: 'absolute', path: '*', authority, scheme };
  if (path.charCodeAt(0) !== 0x2f) path = `/${path}`;
  return { form: 'absolute', path, authority, scheme };
}
