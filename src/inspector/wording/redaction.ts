/** What the inspector hides unless it is asked for: values of fields and of the query whose names sound secret. */
import { isSecretField } from '../../annotation/field-notes.ts';

export interface Shown {
  /** Values of `Authorization`, `Cookie` and the like. */
  readonly secrets: boolean;
  /** Content of requests and responses. */
  readonly bodies: boolean;
}

export const HIDDEN = '[hidden]';

/** Challenges contain no secret, and pseudo-fields are no credentials although `:authority` sounds so. */
const PUBLIC = /^(?::|www-authenticate$|proxy-authenticate$|sec-websocket-accept$)/i;

/** Whether the value of a field may be a secret by its name. */
const isHiddenField = (name: string): boolean => !PUBLIC.test(name) && isSecretField(name);

/** Whether the value of a field may be a secret, or a URL with one in its query. */
export const hidesValue = (name: string, value: string): boolean =>
  isHiddenField(name) || withoutSecrets(value) !== value;

/** A parameter of a query whose name sounds secret, with the value behind it. */
const PARAMETER = /([?&])([^=&#\s]*)=([^&#\s]*)/g;

/**
 * A request-target, or any text that contains one, without the secrets in its query.
 *
 * @param inPlaceOf makes what stands in place of a secret.
 */
export function withoutSecrets(target: string, inPlaceOf: (secret: string) => string = () => HIDDEN): string {
  if (!target.includes('=')) return target;
  return target.replace(PARAMETER, (whole, mark: string, name: string, value: string) =>
    isSecretField(decoded(name)) ? `${mark}${name}=${inPlaceOf(value)}` : whole,
  );
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
