/** Why a connection was closed, in a sentence. */
import type { Ending } from '../../server/observer.ts';

export interface EndingFacts {
  readonly why: Ending | undefined;
  readonly error: unknown;
  /** The client ended its side before the server ended its own. */
  readonly peerHasEnded: boolean;
  readonly last: LastExchange | undefined;
  /** How many there were. */
  readonly exchanges: number;
}

interface LastExchange {
  readonly head:
    | { readonly version: string; readonly fields: { get(name: string): string | null } }
    | undefined;
  readonly row: { readonly refused?: { readonly sentence: string; readonly section: string } };
}

export function endingSentence({ why, error, peerHasEnded, last, exchanges }: EndingFacts): string {
  if (why === 'refused' && last?.row.refused !== undefined)
    return `The server refused a request, so it cannot trust what follows: ${withStop(last.row.refused.sentence)} (${last.row.refused.section})`;
  if (why === 'failed') return errorSentence(error);
  if (peerHasEnded)
    return exchanges === 0 ? 'The client closed it without a request.' : 'The client closed it.';
  switch (why) {
    case 'idle':
      return 'No request came for the time of the idle timeout, so the server closed it.';
    case 'server closes':
      return 'The server shuts down.';
    case 'unread content':
      return 'The content of the last request was not read, and it was too long or too slow to be skipped.';
    case 'last response':
      return lastResponse(last);
    default:
      return 'It was closed before HTTP began, or handed over to another protocol that has ended.';
  }
}

function lastResponse(last: LastExchange | undefined): string {
  const head = last?.head;
  const options = head?.fields.get('connection')?.toLowerCase() ?? '';
  if (/(?:^|[\s,])close(?:$|[\s,])/.test(options))
    return 'The request said Connection: close, so this response was the last one (RFC 9112 §9.6).';
  if (head?.version === '1.0' && !options.includes('keep-alive'))
    return 'HTTP/1.0 closes after each response, unless the client asks for keep-alive (RFC 9112 §9.3).';
  return 'The response said Connection: close, so it was the last one (RFC 9112 §9.6).';
}

/** Errors of the system and of Serval, in words. */
export function errorSentence(error: unknown): string {
  const { code, message, cause } = (error ?? {}) as {
    code?: unknown;
    message?: unknown;
    cause?: { code?: unknown };
  };
  const system = cause?.code ?? code;
  if (system === 'ECONNRESET')
    return 'The client reset it: a program that was ended, or a request that was cancelled.';
  if (system === 'EPIPE') return 'The client had closed it while the response was being sent.';
  return withStop(typeof message === 'string' ? message : String(error));
}

const withStop = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
