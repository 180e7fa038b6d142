import { listMembers } from '../../../../src/semantics/field-syntax.ts';
import { type Case, type CaseGroup, type Judge, oneRequest } from '../case.ts';
import { NotAsked } from '../conversation.ts';
import { octetsOf, SMALL } from '../fixture.ts';
import { framed, inShort, sameOctets, status } from '../judges.ts';

/** Fields that GET and HEAD SHOULD agree on (RFC 9110 §9.3.2), if there is no content to make first. */
const SAME_FOR_HEAD = [
  'accept-ranges',
  'cache-control',
  'content-encoding',
  'content-type',
  'etag',
  'last-modified',
  'location',
];

/** HEAD is answered as GET is, but for the content, and for a length that may be missing (RFC 9110 §8.6, §9.3.2). */
function headLikeGet(title: string, target: string, statuses: readonly number[], coding = ''): Case {
  return {
    rule: 'MUST RFC 9110 §9.3.2',
    title,
    async examine(to) {
      const get = await to.known(target, coding);
      if (!statuses.includes(get.status)) return `GET: ${inShort(get)}`;
      const head = await to.ask({ method: 'HEAD', target, fields: [`Accept-Encoding: ${coding}`] });
      if (head.status !== get.status) return `${inShort(head)}, GET ${get.status}`;
      if (head.excess > 0) return `${head.status} with ${head.excess} octets of content`;
      const length = head.field('content-length');
      if (length !== undefined && Number(length) !== get.content.length) {
        return `Content-Length: ${length}, GET sends ${get.content.length}`;
      }
      const differing = SAME_FOR_HEAD.filter((name) => head.field(name) !== get.field(name));
      return differing.length === 0 ? undefined : `other ${differing.join(', ')} than GET`;
    },
  };
}

/** 405 (§15.5.6) or 501 (§9.1), or as if there were nothing of the kind. */
const notPerformed = status(403, 404, 405, 501);

const isSmall = (content: Uint8Array): boolean => sameOctets(content, octetsOf(SMALL));

const options: Judge = (answer) => {
  if (answer.status !== 200 && answer.status !== 204) return status(400, 403, 404, 405, 501)(answer);
  if (isSmall(answer.content)) return `${answer.status} with the file`;
  return answer.field('allow') === undefined ? `${answer.status} without Allow` : framed(answer);
};

const trace: Judge = (answer) => {
  if (answer.status !== 200) return status(400, 403, 404, 405, 501)(answer);
  if (isSmall(answer.content)) return '200 with the file';
  const reflects = Buffer.from(answer.content).includes(`TRACE ${SMALL}`);
  return reflects ? framed(answer) : '200 with something else';
};

const saysWhatIsAllowed: Judge = (answer) => {
  if (answer.status !== 405) throw new NotAsked('it does not answer 405');
  const allow = answer.field('allow');
  if (allow === undefined) return '405 without Allow';
  return listMembers(allow).includes('GET') ? framed(answer) : `405, Allow: ${allow}`;
};

export const methods: CaseGroup = {
  title: 'Methods',
  cases: [
    headLikeGet('HEAD of a file: the fields of GET, no content', SMALL, [200]),
    headLikeGet('HEAD of a coded file: the same', '/app.js', [200], 'gzip'),
    headLikeGet('HEAD of what is coded on the fly: the same', '/page.css', [200], 'gzip'),
    headLikeGet('HEAD of a folder: the same', '/folder', [200, 301, 302, 303, 307, 308]),
    headLikeGet('HEAD of what is not there: 404, no content', '/missing.txt', [404, 410]),
    oneRequest(
      'MUST RFC 9110 §9.3.4',
      'PUT: not performed, and not called a success',
      { method: 'PUT', target: SMALL, fields: ['Content-Length: 0'] },
      notPerformed,
    ),
    oneRequest(
      'MUST RFC 9110 §9.3.5',
      'DELETE: not performed, and not called a success',
      { method: 'DELETE', target: SMALL },
      notPerformed,
    ),
    oneRequest(
      'SHOULD RFC 9110 §9.1',
      'POST: 405, or refused otherwise',
      { method: 'POST', target: SMALL, fields: ['Content-Length: 0'] },
      notPerformed,
    ),
    oneRequest(
      'SHOULD RFC 9110 §9.1',
      'a method nobody knows: 501 or 405',
      { method: 'FROB', target: SMALL },
      status(405, 501),
    ),
    oneRequest(
      'MUST RFC 9110 §15.5.6',
      'a 405 says in Allow what is allowed',
      { method: 'DELETE', target: SMALL },
      saysWhatIsAllowed,
    ),
    oneRequest(
      'SHOULD RFC 9110 §9.3.7',
      'OPTIONS: tells what is allowed, or is refused',
      { method: 'OPTIONS', target: SMALL },
      options,
    ),
    oneRequest(
      'SHOULD RFC 9110 §9.3.8',
      'TRACE: reflects the request, or is refused',
      { method: 'TRACE', target: SMALL },
      trace,
    ),
    oneRequest(
      'MUST RFC 9110 §9.1',
      'methods are case-sensitive: `get` is none',
      { method: 'get', target: SMALL },
      status(400, 403, 404, 405, 501),
    ),
  ],
};
