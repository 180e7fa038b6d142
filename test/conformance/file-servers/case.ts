/** A case: what is asked, and what the RFC allows as the answer. */
import type { Answer } from './answer.ts';
import type { Question } from './ask.ts';
import { type Conversation, NotAsked } from './conversation.ts';

/** What was wrong, in few words; `undefined` if nothing was. */
export type Fault = string | undefined;

/** Finds no fault with any answer that the RFC allows. */
export type Judge = (answer: Answer, to: Conversation) => Fault | Promise<Fault>;

export interface Case {
  /** What it rests on: `MUST RFC 9110 §13.1.2`, or `expected`, where people expect what no RFC demands. */
  readonly rule: string;
  readonly title: string;
  /** @throws {NotAsked} if it does not apply. */
  examine(to: Conversation): Promise<Fault>;
}

export interface CaseGroup {
  readonly title: string;
  readonly cases: readonly Case[];
}

/** A case of one request, which may depend on what the server said before. */
export function oneRequest(
  rule: string,
  title: string,
  question: Question | ((to: Conversation) => Promise<Question>),
  judge: Judge,
): Case {
  return {
    rule,
    title,
    async examine(to) {
      const asked = typeof question === 'function' ? await question(to) : question;
      return judge(await to.ask(asked), to);
    },
  };
}

export type Outcome =
  | { readonly kind: 'right' }
  | { readonly kind: 'wrong'; readonly fault: string }
  | { readonly kind: 'not asked'; readonly reason: string };

export async function examine(one: Case, to: Conversation): Promise<Outcome> {
  try {
    const fault = await one.examine(to);
    return fault === undefined ? { kind: 'right' } : { kind: 'wrong', fault };
  } catch (error) {
    if (!(error instanceof NotAsked)) throw error;
    return { kind: 'not asked', reason: error.message };
  }
}
