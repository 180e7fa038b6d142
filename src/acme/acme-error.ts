/** What an authority refuses (RFC 8555 §6.7, RFC 9457). */

const ACME_TYPES = 'urn:ietf:params:acme:error:';

export interface Problem {
  readonly type?: string;
  readonly detail?: string;
  readonly subproblems?: readonly Problem[];
}

export class AcmeError extends Error {
  override readonly name = 'AcmeError';
  /** `badNonce`, `rateLimited` and the like; a URL for types of the authority's own. */
  readonly type: string;
  /** Of the response; 0 where the problem is part of an order. */
  readonly status: number;
  /** Milliseconds for which the authority does not want to be asked again. */
  readonly retryAfter: number | undefined;

  constructor(what: string, problem: Problem, status = 0, retryAfter?: number) {
    const details = [problem, ...(problem.subproblems ?? [])].flatMap(({ detail }) => detail ?? []);
    const type = (problem.type ?? 'about:blank').replace(ACME_TYPES, '');
    super(`${what}: ${type}${details.length > 0 ? `: ${details.join('; ')}` : ''}`);
    this.type = type;
    this.status = status;
    this.retryAfter = retryAfter;
  }
}
