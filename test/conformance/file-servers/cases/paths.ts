import { type Case, type CaseGroup, type Judge, oneRequest } from '../case.ts';
import { SMALL } from '../fixture.ts';
import { framed, inShort, refused, status, whole, withheld } from '../judges.ts';

function named(rule: string, target: string, title: string): Case {
  return oneRequest(rule, `\`${target}\`: ${title}`, { target }, whole(target));
}

function is(rule: string, target: string, file: string, title: string): Case {
  return oneRequest(rule, `\`${target}\`: ${title}`, { target }, whole(file));
}

function not(rule: string, target: string, title: string, judge: Judge): Case {
  const shown = target.length > 40 ? `${target.slice(0, 20)}…` : target;
  return oneRequest(rule, `\`${shown}\`: ${title}`, { target }, judge);
}

const missing = status(404, 410);

/** Not RFC 3986 §2.1: 400, or some other 4xx that says there is no such thing. */
const malformed: Judge = refused;

export const paths: CaseGroup = {
  title: 'Paths',
  cases: [
    named('expected RFC 3986 §2.1', '/name%20with%20spaces.txt', 'a space'),
    named('expected RFC 3986 §2.5', '/caf%C3%A9.txt', 'UTF-8'),
    named('expected RFC 3986 §2.4', '/100%25.txt', 'a percent sign'),
    named('MUST RFC 3986 §2.4', '/%2541.txt', 'decoded once, it is `%41.txt`'),
    named('expected RFC 3986 §2.2', '/a+b.txt', 'a plus is a plus'),
    named('expected RFC 3986 §3.3', "/it's;v=1,2&x=y@z.txt", 'delimiters are themselves'),
    is('MUST RFC 9110 §4.2.3', '/sm%61ll.txt', SMALL, 'an encoded letter is the letter'),
    is('expected', '/small.txt?v=2', SMALL, 'a query changes no file'),
    is('expected', '/folder/', '/folder/index.html', 'the index of the folder'),
    oneRequest(
      'MUST RFC 9112 §3.2.2',
      'the absolute form of the target',
      async (to) => ({ target: `http://127.0.0.1:${to.port}${SMALL}` }),
      whole(SMALL),
    ),
    not('expected RFC 9110 §15.5.5', '/missing.txt', '404', missing),
    not('expected RFC 9110 §15.5.5', '/small.txt/more', 'below a file: 404', missing),
    not('expected RFC 9110 §15.6', `/${'n'.repeat(300)}`, 'a name longer than names can be: 4xx', refused),
    not(
      'expected RFC 9110 §15.6',
      `/${'long/'.repeat(1_200)}`,
      'a path longer than paths can be: 4xx',
      refused,
    ),
    not('SHOULD RFC 9112 §3.2', '/%', 'malformed: 4xx', malformed),
    not('SHOULD RFC 9112 §3.2', '/small.txt%zz', 'malformed: 4xx', malformed),
    not('expected RFC 9110 §15.6', '/%ff%fe.txt', 'not UTF-8: 4xx', refused),
    not('expected RFC 3986 §7.3', '/small.txt%00.html', 'NUL: no file has one', withheld),
  ],
};

export const hostilePaths: CaseGroup = {
  title: 'Paths out of the folder, and hidden files',
  cases: [
    ...[
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/%2e%2e%2fsecret.txt',
      '/%252e%252e%252fsecret.txt',
      '/..%5csecret.txt',
      '/folder/..%c0%af..%c0%afsecret.txt',
      '//../secret.txt',
    ].map((target) => not('expected RFC 3986 §7.3', target, 'stays within', withheld)),
    not('expected', '/.env', 'is not given away', withheld),
    not('expected', '/.git/config', 'is not given away', withheld),
    named('expected RFC 8615 §3', '/.well-known/security.txt', 'is there'),
  ],
};

/** Content, or a redirect to it: RFC 9110 §10.2.2, §15.4. */
function leadsTo(path: string, file: string): Judge {
  return async (answer, to) => {
    if (answer.status === 200) return whole(file)(answer, to);
    const location = answer.field('location');
    if (answer.status < 301 || answer.status > 308 || location === undefined) return inShort(answer);
    // RFC 3986 appendix A: all else has to be encoded.
    if (!/^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/.test(location))
      return `Location: ${JSON.stringify(location)}`;
    const base = `http://127.0.0.1:${to.port}`;
    const target = new URL(location, base);
    const right = target.origin === base && decodeURIComponent(target.pathname) === path;
    return right ? framed(answer) : `${answer.status} ${location}`;
  };
}

/** Never away from this server, and never with a line that the client wrote. */
const staysHere: Judge = (answer, to) => {
  const location = answer.field('location');
  const base = `http://127.0.0.1:${to.port}`;
  if (location !== undefined && new URL(location, base).host !== new URL(base).host) return inShort(answer);
  return answer.status === 0 || answer.status >= 500 ? inShort(answer) : framed(answer);
};

const injectsNothing: Judge = (answer) =>
  answer.field('x-injected') === undefined && answer.status !== 0 && answer.status < 500
    ? framed(answer)
    : inShort(answer);

export const redirects: CaseGroup = {
  title: 'Redirects',
  cases: [
    not(
      'MUST RFC 9110 §10.2.2',
      '/folder',
      'to `/folder/`, or its index',
      leadsTo('/folder/', '/folder/index.html'),
    ),
    not(
      'MUST RFC 9110 §10.2.2',
      '/%C3%A9t%C3%A9%20(2024)',
      'the same, and Location is a URI',
      leadsTo('/été (2024)/', '/%C3%A9t%C3%A9%20(2024)/index.html'),
    ),
    not('expected RFC 3986 §4.2', '//folder', 'not to the host `folder`', staysHere),
    not('expected RFC 3986 §4.2', '//evil.example/%2e%2e', 'not to the host `evil.example`', staysHere),
    not('expected RFC 3986 §4.2', '/%5cevil.example/..', 'not to the host `evil.example`', staysHere),
    not(
      'expected RFC 9110 §17.2',
      '/folder%0d%0aX-Injected:%20yes',
      'no line of the client’s',
      injectsNothing,
    ),
    oneRequest(
      'MUST RFC 9110 §13.2.1',
      '`/folder` with `If-None-Match: *`: as without',
      { target: '/folder', fields: ['If-None-Match: *'] },
      async (answer, to) => {
        const without = await to.known('/folder');
        // Where the index itself is the answer, it is a representation like any other.
        const right = without.status === 200 ? [200, 304] : [301, 302, 303, 307, 308];
        return right.includes(answer.status) ? framed(answer) : inShort(answer);
      },
    ),
  ],
};
