/** What became of a connection after a response, in words: shared by the experiments about persistence. */
import type { Sentence } from '../../messages.ts';
import { type Answer, fieldOf, statusOf } from '../client/answer.ts';
import { says } from '../experiment.ts';

/** For an answer that did not come as a whole; `undefined` for one that did. */
export function lackOf(answer: Answer): Sentence | undefined {
  switch (answer.end) {
    case 'complete':
      return undefined;
    case 'cut off':
      return says(
        'The connection ended within the response, so the client must treat it as incomplete.',
        'RFC 9112 §8',
      );
    case 'none':
      return says('The connection ended without a response.', 'RFC 9112 §9.6');
    default:
      return says('What came was no HTTP response, so the client cannot go on.', 'RFC 9112 §4');
  }
}

/** How the client knew where the response ends. */
export function framingOf(answer: Answer): Sentence {
  const kind = answer.head?.framing.kind;
  if (kind === 'chunked')
    return says('The last chunk, of size 0, told the client where the response ends.', 'RFC 9112 §7.1');
  if (kind === 'until-close')
    return says('Only the end of the connection told the client where the response ends.', 'RFC 9112 §6.3');
  if (kind === 'none')
    return says(
      `A ${statusOf(answer)} response like this ends with its head: it has no content.`,
      'RFC 9112 §6.3',
    );
  const length = fieldOf(answer, 'content-length');
  return says(`Content-Length: ${length} told the client where the response ends.`, 'RFC 9112 §6.3');
}

/** Why an HTTP/1.1 connection does not go on. */
export function closingOf(answer: Answer): Sentence {
  if (/\bclose\b/i.test(fieldOf(answer, 'connection')))
    return says(
      'The response said Connection: close, so it was the last one on this connection.',
      'RFC 9112 §9.6',
    );
  if (answer.head?.framing.kind === 'until-close')
    return says('The response ended with its connection, so nothing could follow it.', 'RFC 9112 §9.3');
  return says('The server closed the connection after its response, as it may at any time.', 'RFC 9112 §9.5');
}
