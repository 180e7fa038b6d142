/** Reads what a page has sent. */
import type { Question } from './messages.ts';

/** @returns `undefined` for anything but a question. */
export function questionIn(text: unknown): Question | undefined {
  try {
    const { type, id, name, path, place } = JSON.parse(String(text)) as Record<string, unknown>;
    if (type === 'detail' && Number.isSafeInteger(id)) return { type, id: id as number };
    if (type === 'try' && isText(name) && isText(path) && isText(place)) return { type, name, path, place };
    return undefined;
  } catch {
    return undefined;
  }
}

const isText = (value: unknown): value is string => typeof value === 'string';
