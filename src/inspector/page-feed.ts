/** Who sends data to the pages of an inspector. */

/** What a feed takes from the WebSocket of a page. */
export interface FeedSocket {
  readonly bufferedAmount: number;
  send(text: string): void;
  close(): void;
}

/** A page for which more is waiting reads slowly. It gets the next news later, and then all of it at once. */
export const MOST_BUFFERED = 1024 * 1024;

export interface PageFeed {
  /** A page has been opened. */
  add(page: FeedSocket): void;
  remove(page: FeedSocket): void;
  /** @param text what the page has sent; anything but a question is ignored. */
  onQuestion(page: FeedSocket, text: unknown): void;
  close(): void;
}
