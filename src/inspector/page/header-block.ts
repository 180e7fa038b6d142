/** A header block of HTTP/2 below its frame: how HPACK has written each field, and the table that it leaves. */
import type { EncodedField, HeaderBlock } from '../messages.ts';
import { plural } from './durations.ts';
import { element } from './element.ts';

export function headerBlockDetails(block: HeaderBlock): HTMLElement {
  const { fields, octets, decoded, table, omitted, size, maxSize } = block;
  const saved = decoded === 0 ? 0 : Math.round((1 - octets / decoded) * 100);
  const summary = `HPACK: ${plural(fields.length, 'field')}, ${decoded} octets written as ${octets}`;
  const entries = table.map(({ index, name, value }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row', class: 'number' }, String(index)),
      element('td', {}, ...nameAndValue(name, value)),
    ),
  );
  const whole = `${table.length + omitted} in it, ${size} of ${maxSize} octets`;
  return element(
    'details',
    { class: 'hpack' },
    element('summary', {}, summary, saved > 0 ? element('small', {}, ` ${saved} % less`) : undefined),
    element(
      'table',
      { class: 'hpack-fields' },
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          element('th', { scope: 'col' }, 'Field, and how it is written'),
          element('th', { scope: 'col', class: 'number' }, 'Octets'),
        ),
      ),
      element('tbody', {}, ...fields.map(fieldRow)),
    ),
    element('h4', {}, 'Dynamic table after it ', element('small', {}, whole)),
    table.length === 0
      ? element('p', { class: 'soft' }, 'It is empty.')
      : element(
          'table',
          { class: 'hpack-table', 'aria-label': 'Dynamic table' },
          element('tbody', {}, ...entries),
        ),
    omitted > 0 ? element('p', { class: 'soft' }, `${omitted} older ones are not shown.`) : undefined,
  );
}

function fieldRow({ name, value, form, source, url, octets, decoded, isBroken }: EncodedField): HTMLElement {
  const link = element('a', { href: url, target: '_blank', rel: 'noreferrer noopener' }, source);
  const field = name === '' ? [] : [element('span', { class: 'hpack-field' }, ...nameAndValue(name, value))];
  return element(
    'tr',
    { class: isBroken ? 'broken' : undefined },
    element('td', {}, ...field, element('span', { class: 'hpack-form' }, `${form} `, link)),
    element('td', { class: 'number' }, `${decoded} → ${octets}`),
  );
}

const nameAndValue = (name: string, value: string): (Node | string)[] => [
  element('span', { class: 'field-name' }, name),
  `: ${value}`,
];
