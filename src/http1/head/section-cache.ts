/**
 * The header sections that connections have sent lately. Most connections of a client, and all of a proxy, send the same one: then it
 * is not scanned again, and is in memory once. A section counts as the same only if all of its octets are.
 */
import type { HeaderSection } from './header-section.ts';

/** One section for each slot, and a section of a given length has one slot. */
const SLOTS = 64;
/** A longer section is left to the connection. So all slots hold 256 KiB at most. */
const MOST_OCTETS = 4096;

export class SectionCache {
  readonly #sections: (HeaderSection | undefined)[] = [];

  /** The latest section that may be the one with so many octets. */
  candidate(octets: number): HeaderSection | undefined {
    const section = this.#sections[octets % SLOTS];
    return section !== undefined && section.text.length === octets ? section : undefined;
  }

  add(section: HeaderSection): void {
    const octets = section.text.length;
    if (octets <= MOST_OCTETS) this.#sections[octets % SLOTS] = section;
  }
}
