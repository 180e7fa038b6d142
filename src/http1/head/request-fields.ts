/**
 * The fields of a request that is being sent. They are checked like those of a response, which stops request splitting.
 * Fields that the encoder writes itself are set apart.
 */
import { isAuthority } from '../../semantics/address/authority.ts';
import { parseExpect } from '../../semantics/expect.ts';
import { FieldLines } from '../../semantics/field-lines.ts';
import { listMembers } from '../../semantics/field-syntax.ts';

export class RequestFields {
  /** The value of Host, if one was given. It replaces the authority of the target. */
  host = '';
  /** `Expect: 100-continue` was given (RFC 9110 §10.1.1). */
  expectsContinue = false;
  /** `TE: trailers` was given (RFC 9110 §10.1.4). */
  acceptsTrailers = false;
  readonly #checked = new FieldLines();

  /** The field lines, each with its CRLF. */
  get lines(): string {
    return this.#checked.lines;
  }

  /** Without Host, Content-Length and the fields about the hop, as HTTP/2 sends them. */
  get endToEnd(): FieldLines {
    return this.#checked;
  }

  /** The Content-Length that was given, or -1. */
  get contentLength(): number {
    return this.#checked.contentLength;
  }

  /** `Connection: close` was given. */
  get closes(): boolean {
    return this.#checked.closes;
  }

  get hasUpgrade(): boolean {
    return this.#checked.hasUpgrade;
  }

  /**
   * Adds a field line. Of the fields about the hop, `Connection: close`, `Upgrade` and `TE: trailers` have an effect and the
   * others are dropped. The encoder writes the framing fields (RFC 9110 §7.6.1).
   *
   * @throws {TypeError} if the name is not a token (RFC 9110 §5.1), the value can't be sent (RFC 9110 §5.5), it is a
   *   Content-Length that is not one number, a second or malformed Host, or an unknown expectation.
   */
  add(name: string, value: string): void {
    switch (name.toLowerCase()) {
      case 'host':
        // RFC 9112 §3.2: one, and a valid one.
        if (this.host !== '' || !isAuthority(value))
          throw new TypeError('Host: expected one host with an optional port (RFC 9110 §7.2)');
        this.host = value;
        return;
      case 'expect':
        if (parseExpect(value) !== 'continue')
          throw new TypeError('Expect: expected 100-continue (RFC 9110 §10.1.1)');
        this.expectsContinue = true;
        return;
      case 'te':
        // The decoder supports no transfer coding but chunked, so the request asks for no other.
        if (listMembers(value.toLowerCase()).includes('trailers')) this.acceptsTrailers = true;
        return;
      default:
        this.#checked.add(name, value);
    }
  }
}
