/** The Priority field (RFC 9218 §4): a Structured Fields dictionary, of which two members mean something. */
import { listMembers } from './field-syntax.ts';

export interface Priority {
  /** 0, the highest, to 7. */
  urgency: number;
  incremental: boolean;
}

/** Members that are unknown, out of range or malformed leave the defaults (RFC 9218 §4): urgency 3, not incremental. */
export function parsePriority(value: string): Priority {
  const priority = { urgency: 3, incremental: false };
  for (const member of listMembers(value)) {
    if (member.length === 3 && member.startsWith('u=') && member[2]! >= '0' && member[2]! <= '7') {
      priority.urgency = member.charCodeAt(2) - 0x30;
    } else if (member === 'i' || member === 'i=?1') {
      priority.incremental = true;
    } else if (member === 'i=?0') {
      priority.incremental = false;
    }
  }
  return priority;
}
