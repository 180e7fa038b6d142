/** Recorded exchanges as a HAR file, version 1.2 (http://www.softwareishard.com/blog/har-12-spec/), which the tools of browsers open. */
import type { Shown } from '../../wording/redaction.ts';
import type { Selection } from '../selection.ts';
import { harEntry } from './har-entry.ts';

/** @param version of Serval. @returns the file in pieces, an entry each. */
export function* harFile(selection: Selection, shown: Shown, version: string): Generator<string> {
  const log = {
    version: '1.2',
    creator: { name: 'Serval inspector', version },
    pages: [],
    comment: explanation(shown),
  };
  yield `{"log":${JSON.stringify(log).slice(0, -1)},"entries":[`;
  let before = '\n';
  for (const record of selection.exchanges) {
    yield before + JSON.stringify(harEntry(record, selection, shown));
    before = ',\n';
  }
  yield '\n]}}\n';
}

function explanation({ secrets, bodies }: Shown): string {
  const sentences = ['Recorded by the server, so times begin when a request arrived there.'];
  if (!secrets)
    sentences.push(
      'Values of fields and of the query whose names sound secret are hidden, and so are cookies.',
    );
  if (!bodies) sentences.push('Content is hidden.');
  return sentences.join(' ');
}
