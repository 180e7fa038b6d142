import type { Http2Connection } from '../../../src/http2/connection.ts';
import type { Http2Stream } from '../../../src/http2/stream/stream.ts';

/**
 * Reads the content octet by octet. When WINDOW_UPDATE is sent depends on how much is read at a time, and with it whether a peer
 * that exceeds the window is told so: then it must not depend on the pieces that the content came in.
 */
export function consumeEach(connection: Http2Connection, stream: Http2Stream): void {
  for (let left = connection.content.length; left > 0; left--) connection.consumed(stream, 1);
}
