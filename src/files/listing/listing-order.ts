/** How a listing is sorted, and which part of it is shown: the query of its URL. */
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

/** What a first look asks of a column: names from A, but the largest and the newest first. */
const DESCENDING_AT_FIRST: Record<SortKey, boolean> = { name: false, size: true, date: true };

/** Reads `sort`, `order` and `page`; what makes no sense is as if it were absent, for people edit URLs. */
export function parseListingQuery(query: URLSearchParams): ListingQuery {
  const asked = query.get('sort') ?? '';
  const sort = Object.hasOwn(DESCENDING_AT_FIRST, asked) ? (asked as SortKey) : 'name';
  const order = query.get('order');
  const descending = order === 'desc' || (order !== 'asc' && DESCENDING_AT_FIRST[sort]);
  const page = query.get('page') ?? '';
  return { order: { sort, descending }, page: /^[1-9]\d{0,8}$/.test(page) ? Number(page) : 1 };
}

/** The query that asks for an order and a page; empty, and then `?` alone, for what comes unasked. */
export function listingQuery({ sort, descending }: ListingOrder, page = 1): string {
  const parameters: string[] = [];
  if (sort !== 'name') parameters.push(`sort=${sort}`);
  if (descending !== DESCENDING_AT_FIRST[sort]) parameters.push(`order=${descending ? 'desc' : 'asc'}`);
  if (page > 1) parameters.push(`page=${page}`);
  return `?${parameters.join('&')}`;
}

/** The order that a click on a column's heading asks for: the column's own at first, then the other way round. */
export function orderByColumn(current: ListingOrder, sort: SortKey): ListingOrder {
  const descending = current.sort === sort ? !current.descending : DESCENDING_AT_FIRST[sort];
  return { sort, descending };
}

/**
 * Folders come first in every order. The size of a folder says nothing about what is in it, so by size the folders are
 * in the order of their names.
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

// Dear to make, and of no use to who never shows a folder.
let names: Intl.Collator | undefined;

/**
 * `file2` before `file10`, capitals beside small letters. One locale, so that a listing is the same everywhere; and one order
 * for names that the collator finds equal (`é` has two spellings).
 */
function byName(a: FolderEntry, b: FolderEntry): number {
  names ??= new Intl.Collator('en', { numeric: true });
  return names.compare(a.name, b.name) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
