import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isEntityTag } from '../../../../src/semantics/entity-tag.ts';
import { type Case, type CaseGroup, oneRequest } from '../case.ts';
import { CHANGING, FROM_THE_FUTURE, MODIFIED, octetsOf, SMALL } from '../fixture.ts';
import { framed, inShort, wholeFault } from '../judges.ts';

/** Something of the same length, at once: neither size nor a date in seconds tells it from what was there. */
const sameTagForOtherOctets: Case = {
  rule: 'MUST RFC 9110 §8.8.1',
  title: 'a file rewritten within the second has another strong ETag',
  async examine(to) {
    const path = join(to.root, CHANGING);
    // Rewritten early in a second, so that both versions have the same date.
    await new Promise((resolve) => setTimeout(resolve, 1050 - (Date.now() % 1000)));
    await writeFile(path, 'older\n');
    const before = await to.ask({ target: CHANGING });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await writeFile(path, 'newer\n');
    const after = await to.ask({ target: CHANGING });
    for (const answer of [before, after]) if (answer.status !== 200) return inShort(answer);
    const fault = framed(before) ?? framed(after);
    if (fault !== undefined) return fault;
    const [one, other] = [before, after].map((answer) => Buffer.from(answer.content).toString());
    const tag = before.field('etag');
    if (one === other || tag === undefined || tag.startsWith('W/')) return undefined;
    return after.field('etag') === tag ? `${tag} for both` : undefined;
  },
};

export const validators: CaseGroup = {
  title: 'Validators',
  cases: [
    oneRequest(
      'SHOULD RFC 9110 §8.8.3',
      'a file has an ETag, and in the grammar',
      { target: SMALL },
      (answer) => {
        const tag = answer.field('etag');
        return tag !== undefined && isEntityTag(tag) ? undefined : `ETag: ${tag ?? 'none'}`;
      },
    ),
    oneRequest(
      'SHOULD RFC 9110 §8.8.2.1',
      'a file has the Last-Modified that it has',
      { target: SMALL },
      (answer) => {
        const date = answer.field('last-modified');
        return date === MODIFIED.toUTCString() ? undefined : `Last-Modified: ${date ?? 'none'}`;
      },
    ),
    oneRequest(
      'MUST RFC 9110 §8.8.2.1',
      'Last-Modified is never later than Date',
      { target: FROM_THE_FUTURE },
      (answer) => {
        const date = answer.field('last-modified');
        const fault = wholeFault(answer, octetsOf(FROM_THE_FUTURE));
        if (fault !== undefined || date === undefined) return fault;
        return Date.parse(date) <= Date.parse(answer.field('date') ?? '')
          ? undefined
          : `Last-Modified: ${date}`;
      },
    ),
    sameTagForOtherOctets,
  ],
};
