/** What the inspector shows although it may be private: see its options. */
export interface Shown {
  /** Values of `Authorization`, cookies and the like. */
  readonly secrets: boolean;
  /** The content of responses. */
  readonly bodies: boolean;
}
