import { listMembers } from '../semantics/field-syntax.ts';

/** Adds request headers on which the response depends to `Vary`, without duplicates (RFC 9110 §12.5.5). */
export function addVary(headers: Headers, members: string): void {
  const present = new Set(listMembers(headers.get('vary') ?? '').map((member) => member.toLowerCase()));
  for (const member of listMembers(members)) {
    if (member === '' || present.has('*') || present.has(member.toLowerCase())) continue;
    headers.append('vary', member);
    present.add(member.toLowerCase());
  }
}
