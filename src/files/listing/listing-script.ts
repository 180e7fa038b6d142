/**
 * The script of a listing. It shows times in the visitor's time zone; the server knows only UTC. It runs before the first
 * paint, and the new texts are as wide as the old ones. And it filters the entries by their names.
 */
export const LISTING_SCRIPT = `'use strict';
const two = (number) => String(number).padStart(2, '0');
const localTimes = (within) => {
  for (const time of within.querySelectorAll('time')) {
    const date = new Date(time.dateTime);
    time.firstChild.data = date.getFullYear() + '-' + two(date.getMonth() + 1) + '-' + two(date.getDate()) + ' ';
    time.lastChild.textContent = two(date.getHours()) + ':' + two(date.getMinutes());
  }
  within.querySelector('#zone')?.remove();
};
localTimes(document);

const search = document.getElementById('search');
const found = document.getElementById('found');
const words = search.querySelector('input');
const plain = (text) => text.normalize('NFKD').replace(/\\p{M}/gu, '').toLowerCase();
const filter = () => {
  const rows = [...document.querySelectorAll('#listing tr.entry')];
  search.hidden = rows.length < 2 && words.value === '';
  const wanted = plain(words.value).split(/\\s+/).filter((word) => word !== '');
  let shown = 0;
  for (const row of rows) {
    const name = plain(row.querySelector('th span').textContent);
    row.hidden = !wanted.every((word) => name.includes(word));
    if (!row.hidden) shown++;
  }
  found.textContent = wanted.length === 0 ? ''
    : shown === 0 ? 'No name here contains \u201c' + words.value.trim() + '\u201d.'
    : shown + ' of ' + rows.length + ' shown';
};
words.addEventListener('input', filter);
filter();
`;
