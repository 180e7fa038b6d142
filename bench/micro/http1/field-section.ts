import { FieldSection } from '../../../src/http1/index.ts';
import { HEAD_OCTETS } from '../browser-request.ts';
import { runtimeLatin1 } from '../latin1.ts';
import type { Micro } from '../measure.ts';

const about = 'http1/field-section';
const text = runtimeLatin1(HEAD_OCTETS, 0, HEAD_OCTETS.length);
const start = text.indexOf('\r\n') + 2;
const FIVE = ['host', 'user-agent', 'accept-language', 'accept-encoding', 'cookie'];

function lookUp(section: FieldSection, names: readonly string[]): number {
  let sum = 0;
  for (const name of names) sum += section.get(name)!.length;
  return sum;
}

/** A new section each time: the first look-up in it is the expensive one. */
function run(names: readonly string[]): Micro['run'] {
  return (times) => {
    let sum = 0;
    for (let i = 0; i < times; i++) sum += lookUp(new FieldSection(text, start), names);
    return sum;
  };
}

const read = new FieldSection(text, start);

export const FIELD_SECTION: readonly Micro[] = [
  { about, what: 'look up one of eight fields', run: run(['accept-language']) },
  { about, what: 'look up five of eight fields', run: run(FIVE) },
  {
    about,
    what: 'look up five again',
    run: (times) => {
      let sum = 0;
      for (let i = 0; i < times; i++) sum += lookUp(read, FIVE);
      return sum;
    },
  },
];
