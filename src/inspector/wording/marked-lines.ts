/** Marks the octets that broke a rule in the lines of a message. */
import type { PartLine } from '../messages.ts';

/** @param lines of a message over HTTP/1, whose parts are all of its octets. */
export function markOctets(
  lines: readonly PartLine[],
  { start, end }: { readonly start: number; readonly end: number },
): PartLine[] {
  let offset = 0;
  return lines.map((line) => {
    const parts = line.parts.map((part) => {
      const from = Math.max(0, start - offset);
      const to = Math.min(part.length, end - offset);
      offset += part.length;
      return from < to ? { ...part, broken: { start: from, end: to } } : part;
    });
    return { ...line, parts };
  });
}

/** The value of a decoded field over HTTP/2. */
export function markField(lines: readonly PartLine[], index: number): PartLine[] {
  return lines.map((line, i) => (i === index ? markPart(line, ({ kind }) => kind !== 'colon') : line));
}

/** The payload of a frame, or its header if it has no payload. */
export function markFrame(line: PartLine): PartLine {
  const last = line.parts.at(-1);
  return markPart(line, (part) => part === last);
}

function markPart(line: PartLine, isBroken: (part: PartLine['parts'][number]) => boolean): PartLine {
  const parts = line.parts.map((part) =>
    isBroken(part) ? { ...part, broken: { start: 0, end: part.length } } : part,
  );
  return { ...line, parts };
}
