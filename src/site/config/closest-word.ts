/** Finds the known word that `word` is probably a misspelling of: at most a third of its letters may differ. */
export function closestWord(word: string, known: Iterable<string>): string | undefined {
  let closest: string | undefined;
  let least = Infinity;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least && distance <= Math.max(1, Math.floor(candidate.length / 3))) {
      closest = candidate;
      least = distance;
    }
  }
  return closest;
}

/** The number of letters to insert, delete, replace or swap with a neighbour (Damerau-Levenshtein distance). */
function editDistance(a: string, b: string): number {
  // Lengths that differ this much rule out a misspelling, and skipping them bounds the cost for long words.
  if (Math.abs(a.length - b.length) > 8) return Infinity;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, before[j - 2]! + 1);
      }
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}
