/** The query of a listing's URL: how it is sorted, and which page is shown. */
import type { FolderEntry } from './folder-entries.ts';

export type SortKey = 'name' | 'size' | 'date';

export interface ListingOrder {
  readonly sort: SortKey;
  readonly descending: boolean;
}

export interface ListingQuery {
  readonly order: ListingOrder;
  /** Counted from 1. May lie behind the last page. */
  readonly page: number;
}

/** The first order of each column: names from A, but the largest and the newest first. */
const DESCENDING_AT_FIRST: Record<SortKey, boolean> = { name: false, size: true, date: true };

/** Reads `sort`, `order` and `page`. Invalid values are ignored, since people edit URLs. */
export function parseListingQuery(query: URLSearchParams): ListingQuery {
  const asked = query.get('sort') ?? '';
  const sort = Object.hasOwn(DESCENDING_AT_FIRST, asked) ? (asked as SortKey) : 'name';
  const order = query.get('order');
  const descending = order === 'desc' || (order !== 'asc' && DESCENDING_AT_FIRST[sort]);
  const page = query.get('page') ?? '';
  return { order: { sort, descending }, page: /^[1-9]\d{0,8}$/.test(page) ? Number(page) : 1 };
}

/** The query for an order and a page; `?` alone for the default ones. */
export function listingQuery({ sort, descending }: ListingOrder, page = 1): string {
  const parameters: string[] = [];
  if (sort !== 'name') parameters.push(`sort=${sort}`);
  if (descending !== DESCENDING_AT_FIRST[sort]) parameters.push(`order=${descending ? 'desc' : 'asc'}`);
  if (page > 1) parameters.push(`page=${page}`);
  return `?${parameters.join('&')}`;
}

/** The order after a click on a column's heading: first the column's own, then the reverse. */
export function orderByColumn(current: ListingOrder, sort: SortKey): ListingOrder {
  const descending = current.sort === sort ? !current.descending : DESCENDING_AT_FIRST[sort];
  return { sort, descending };
}

/**
 * Folders come first in every order. The size of a folder says nothing about its content, so by size folders are sorted by
 * name.
 *
 * @returns a comparison of entries which have their details, unless they are sorted by name.
 */
export function comparison({ sort, descending }: ListingOrder): (a: FolderEntry, b: FolderEntry) => number {
  const sign = descending ? -1 : 1;
  return (a, b) => {
    if (a.isFolder !== b.isFolder) return a.isFolder ? -1 : 1;
    if (sort === 'name') return sign * byName(a, b);
    if (sort === 'size' && a.isFolder) return byName(a, b);
    const [left, right] = [a.details!, b.details!];
    const difference = sort === 'size' ? left.size - right.size : left.modified - right.modified;
    return difference === 0 ? byName(a, b) : sign * difference;
  };
}

// Costly to make, and needed only for listings.
let names: Intl.Collator | undefined;

/**
 * `file2` before `file10`, upper and lower case together. One locale, so that a listing is the same on every machine, and a
 * fixed order for names that the collator takes for equal (`é` has two spellings).
 */
function byName(a: FolderEntry, b: FolderEntry): number {
  names ??= new Intl.Collator('en', { numeric: true });
  return names.compare(a.name, b.name) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
