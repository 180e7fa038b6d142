/** How a server understood a message, from its responses: for each request, what it understood, or that it refused. */
import { REJECTIONS } from '../../src/http1/rejections.ts';
import { NODE_CODE } from './node-application.ts';
import { UNDERSTOOD } from './understood.ts';

export type Outcome =
  | { readonly kind: 'understood'; readonly parts: readonly string[] }
  /** `reason`: Serval's reason or node's code. */
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string };

const RESPONSE_HEAD = /HTTP\/1\.1 ([2-5]\d\d) [^\r]*\r\n((?:[^\r\n]+\r\n)*)\r\n/g;
const FIELDS = {
  understood: new RegExp(`^${UNDERSTOOD}: (.*)\r\n`, 'im'),
  code: new RegExp(`^${NODE_CODE}: (.*)\r\n`, 'im'),
};

/** Final responses only. No content looks like the head of a response. */
export function outcomesIn(text: string): Outcome[] {
  const outcomes: Outcome[] = [];
  for (const match of text.matchAll(RESPONSE_HEAD)) {
    const [whole, status, fields = ''] = match;
    const understood = FIELDS.understood.exec(fields)?.[1];
    if (understood !== undefined) {
      outcomes.push({ kind: 'understood', parts: understood.split(' ') });
      continue;
    }
    const content = text.slice(match.index + whole.length);
    const reason = FIELDS.code.exec(fields)?.[1] ?? reasonIn(content);
    outcomes.push({ kind: 'refused', status: Number(status), reason });
  }
  return outcomes;
}

function reasonIn(content: string): string {
  for (const { reason, sentence } of Object.values(REJECTIONS))
    if (content.startsWith(sentence)) return reason;
  return '';
}

const PARTS = ['the method', 'the target', 'the content', 'the fields'];

/** Facts about the message that responses do not contain. */
export interface MessageFacts {
  /** Why the core of Serval refuses it. */
  readonly reason: string;
  /** The message ends within a head. */
  readonly breaksOff: boolean;
  /** Some part of it is malformed, possibly after the last answered request. */
  readonly isBroken: boolean;
  readonly hasPreface: boolean;
  readonly hasConnect: boolean;
  readonly hasUpgrade: boolean;
}

/**
 * The class of the first disagreement, or `undefined`. After it, the two servers are at different places in the message, so
 * further differences mean nothing.
 */
export function disagreementOf(
  serval: readonly Outcome[],
  node: readonly Outcome[],
  facts: MessageFacts,
): string | undefined {
  for (let i = 0; i < Math.max(serval.length, node.length); i++) {
    const ours = serval[i];
    const theirs = node[i];
    if (theirs === undefined) return silenceOfNode(ours!, facts);
    if (ours?.kind === 'refused') {
      if (theirs.kind === 'understood') return `Serval refuses: ${reasonOf(ours, facts)}`;
      if (ours.status === theirs.status) return undefined;
      return ours.status === 400
        ? `both refuse, node with ${theirs.status}`
        : `both refuse, Serval with ${ours.status}`;
    }
    if (theirs.kind === 'refused') {
      if (ours === undefined && facts.breaksOff) return 'node answers a head that breaks off';
      if (ours === undefined) return 'only node answers';
      // Serval has answered this request: the fault follows later.
      const isLater = facts.breaksOff || facts.isBroken;
      return isLater ? 'node refuses too early' : `node refuses: ${theirs.reason || theirs.status}`;
    }
    if (ours === undefined) return 'only node answers';
    for (const [at, part] of PARTS.entries())
      if (ours.parts[at] !== theirs.parts[at]) return `they read it differently: ${part}`;
  }
  return undefined;
}

function silenceOfNode(ours: Outcome, facts: MessageFacts): string {
  if (facts.hasConnect) return 'node closes when CONNECT comes';
  if (facts.hasUpgrade) return 'node reads no further than Upgrade';
  if (facts.hasPreface) return 'node says nothing to PRI';
  if (ours.kind === 'understood') return 'only Serval answers';
  return `Serval refuses, node says nothing: ${reasonOf(ours, facts)}`;
}

function reasonOf(ours: Outcome, facts: MessageFacts): string {
  return ours.kind === 'refused' && ours.reason !== '' ? ours.reason : facts.reason;
}
