/** What a listener has for its TLS connections: the certificates, and the handshakes in progress. */
import { SecureContexts } from './contexts.ts';
import { OngoingHandshakes } from './ongoing-handshakes.ts';
import type { TlsOptions } from './options.ts';
import type { TlsSource } from './source.ts';
import { sharedTicketKeys } from './ticket-keys.ts';

export class TlsAcceptance {
  readonly contexts: SecureContexts;
  readonly handshakes: OngoingHandshakes;

  /**
   * @param maxHandshakes Infinity for any number.
   * @param onFault called when the new options of a source are refused; those before stay.
   * @throws {TypeError | RangeError} naming the option.
   */
  constructor(given: TlsOptions | TlsSource, maxHandshakes: number, onFault: (error: unknown) => void) {
    this.contexts = new SecureContexts(given, sharedTicketKeys(), Date.now, onFault);
    this.handshakes = new OngoingHandshakes(maxHandshakes);
  }

  /** The listener has ended: the source need not tell of changes any more. */
  close(): void {
    this.contexts.close();
  }
}
