/**
 * The two scanners of a head, lent out while one arrives: of thousands of connections that wait for a request, none needs
 * its own. That is 0.6 KB less for each.
 */

import type { MessageLimits } from '../limits.ts';
import { REJECTIONS } from '../rejections.ts';
import { FieldSectionScanner } from './field-section-scanner.ts';
import { RequestLineScanner } from './request-line.ts';

export interface HeadScanners {
  readonly line: RequestLineScanner;
  readonly section: FieldSectionScanner;
}

export class ScannerPool {
  readonly #free: HeadScanners[] = [];
  readonly #limits: MessageLimits;

  constructor(limits: MessageLimits) {
    this.#limits = limits;
  }

  take(): HeadScanners {
    return this.#free.pop() ?? this.#make();
  }

  /** Takes them back, whatever they were in the midst of. */
  give(scanners: HeadScanners): void {
    this.#free.push(scanners);
  }

  #make(): HeadScanners {
    const { fieldSection, fieldLines } = this.#limits;
    const limits = { octets: fieldSection, lines: fieldLines, tooLarge: REJECTIONS.FieldSectionTooLarge };
    return { line: new RequestLineScanner(this.#limits), section: new FieldSectionScanner(limits) };
  }
}
