/** Header blocks of HTTP/2: how HPACK has written each field, and the dynamic table that the block leaves. */
import { sourceUrl } from '../../annotation/field-notes.ts';
import { type Representation, representationsIn } from '../../hpack/representations.ts';
import { FIRST_DYNAMIC_INDEX } from '../../hpack/static-table.ts';
import { CONTINUATION, END_HEADERS, HEADERS } from '../../http2/frame/frame-types.ts';
import type { EncodedField, HeaderBlock } from '../messages.ts';
import { blockPiece, joined } from '../recorder/block-follower.ts';
import { FollowedTable, type HeaderTable, tableSizeOf } from '../recorder/followed-table.ts';
import type { Frame } from '../recorder/frame-reader.ts';
import { HIDDEN, hidesValue } from './redaction.ts';

/** Entries of a table that are shown, and characters of a value in it. */
const MOST_ENTRIES = 100;
const MOST_VALUE = 300;

export interface DecodedField {
  readonly name: string;
  readonly value: string;
  readonly written: Representation;
}

export interface DecodedBlock {
  /** The frame in which it begins. */
  readonly first: Frame;
  readonly octets: number;
  readonly fields: readonly DecodedField[];
  readonly sizeUpdates: readonly Representation[];
  readonly after: HeaderTable;
}

/** Frames with the block that they are of. */
export type DecodedBlocks = ReadonlyMap<Frame, DecodedBlock>;

/** @param frames of one direction of a stream. Blocks that can't be decoded are left out. */
export function blocksIn(frames: readonly Frame[]): DecodedBlocks {
  const blocks = new Map<Frame, DecodedBlock>();
  let open: Frame[] = [];
  for (const frame of frames) {
    if (frame.type === HEADERS) open = [frame];
    else if (frame.type === CONTINUATION && open.length > 0) open.push(frame);
    else continue;
    if ((frame.octets[4]! & END_HEADERS) === 0) continue;
    const block = decoded(open);
    if (block !== undefined) for (const part of open) blocks.set(part, block);
    open = [];
  }
  return blocks;
}

function decoded(frames: readonly Frame[]): DecodedBlock | undefined {
  const first = frames[0]!;
  const pieces = frames.map(blockPiece);
  if (first.table === undefined || !pieces.every((piece) => piece !== undefined)) return undefined;
  const octets = joined(pieces);
  const table = new FollowedTable(first.table);
  const fields: DecodedField[] = [];
  const sizeUpdates: Representation[] = [];
  const all = representationsIn(octets);
  if (all === undefined) return undefined;
  for (const written of all) {
    const field = table.apply(written);
    if (field === undefined) return undefined;
    if (written.kind === 'size update') sizeUpdates.push(written);
    else fields.push({ name: field.name, value: field.value, written });
  }
  return { first, octets: octets.length, fields, sizeUpdates, after: table.current };
}

/** @param shown whether secrets are shown. */
export function headerBlock(block: DecodedBlock, shown: boolean): HeaderBlock {
  const shownValue = ({ name, value }: { name: string; value: string }): string =>
    !shown && hidesValue(name, value) ? HIDDEN : value.slice(0, MOST_VALUE);
  const updates = block.sizeUpdates.map(({ index, start, end }): EncodedField => {
    const form = `Size update: the table has at most ${index} octets`;
    return { name: '', value: '', form, ...linkTo('RFC 7541 §6.3'), octets: end - start, decoded: 0 };
  });
  const fields = block.fields.map((field): EncodedField => {
    const { name, written } = field;
    return {
      ...{ name, value: shownValue(field), form: formOf(written), ...linkTo(SECTIONS[written.kind]) },
      ...{ octets: written.end - written.start, decoded: name.length + field.value.length },
    };
  });
  const { entries, maxSize } = block.after;
  const newest = entries.toReversed().slice(0, MOST_ENTRIES);
  return {
    fields: [...updates, ...fields],
    octets: block.octets,
    decoded: fields.reduce((sum, field) => sum + field.decoded, 0),
    table: newest.map((entry, i) => ({
      index: FIRST_DYNAMIC_INDEX + i,
      name: entry.name,
      value: shownValue(entry),
    })),
    omitted: entries.length - newest.length,
    size: tableSizeOf(block.after),
    maxSize,
  };
}

const SECTIONS: Readonly<Record<Representation['kind'], string>> = {
  indexed: 'RFC 7541 §6.1',
  added: 'RFC 7541 §6.2.1',
  'not added': 'RFC 7541 §6.2.2',
  'never indexed': 'RFC 7541 §6.2.3',
  'size update': 'RFC 7541 §6.3',
};

const FORMS: Readonly<Record<Representation['kind'], string>> = {
  indexed: 'Indexed',
  added: 'Literal, added to the table',
  'not added': 'Literal, not added',
  'never indexed': 'Literal, never indexed',
  'size update': 'Size update',
};

/** `Literal, added to the table; name from static 4, value in Huffman code`. */
function formOf({ kind, index, name, value }: Representation): string {
  const place = `${index < FIRST_DYNAMIC_INDEX ? 'static' : 'dynamic'} ${index}`;
  if (kind === 'indexed') return `${FORMS.indexed}: ${place}`;
  const code = (isHuffman: boolean): string => (isHuffman ? 'in Huffman code' : 'as it is');
  if (name !== undefined && name.isHuffman === value!.isHuffman)
    return `${FORMS[kind]}; name and value ${code(name.isHuffman)}`;
  const nameForm = name === undefined ? `name from ${place}` : `name ${code(name.isHuffman)}`;
  return `${FORMS[kind]}; ${nameForm}, value ${code(value!.isHuffman)}`;
}

const linkTo = (source: string): { source: string; url: string } => ({ source, url: sourceUrl(source) });
