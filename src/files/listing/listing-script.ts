/**
 * The script of a listing. It shows times in the visitor's time zone; the server knows only UTC. It runs before the first
 * paint, and the new texts are as wide as the old ones.
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
`;
