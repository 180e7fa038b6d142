/** Who sends data to the pages of an inspector. */

/** What a feed takes from the WebSocket of a page. */
export interface FeedSocket {
  readonly bufferedAmount: number;
  send(text: string): void;
  close(): void;
}

export interface PageFeed {
  /** A page has been opened. */
  add(page: FeedSocket): void;
  remove(page: FeedSocket): void;
  /** @param text what the page has sent; anything but a question is ignored. */
  onQuestion(page: FeedSocket, text: unknown): void;
  close(): void;
}
