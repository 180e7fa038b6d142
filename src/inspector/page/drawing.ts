/** What a view of the exchanges draws from, and what it does when one is chosen. */
import type { Store } from './store.ts';
import type { View } from './view.ts';

export abstract class Drawing {
  protected readonly store: Store;
  protected readonly view: View;
  protected readonly onSelect: (id: number) => void;

  constructor(store: Store, view: View, onSelect: (id: number) => void) {
    this.store = store;
    this.view = view;
    this.onSelect = onSelect;
  }

  abstract draw(): void;
}
