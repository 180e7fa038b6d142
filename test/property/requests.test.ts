import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { REJECTIONS } from '../../src/http1/rejections.ts';
import { ServerConnection } from '../../src/http1/server-connection.ts';
import { MESSAGE_HEAD, NEED_OCTETS, PAUSED, REJECTED } from '../../src/octets/results.ts';
import { DATE, responseStart } from '../http1/exchange.ts';
import { decodeRequests, limited } from '../http1/incremental.ts';
import { latin1 } from '../support/each-split.ts';
import { parseResponses } from '../support/response-parser.ts';
import { anyOctets, cuts, piecesOf, RUNS, requestLike } from './arbitraries.ts';

const input = fc.oneof({ arbitrary: requestLike, weight: 9 }, anyOctets);

/** Limits that small inputs can reach. */
const LIMITS = limited({ requestLine: 40, fieldSection: 60, fieldLines: 3, content: 8, chunkExtension: 4 });

test('property: any input in any pieces is understood as it is in one piece', () => {
  const holds = fc.property(input, cuts, fc.boolean(), (text, where, small) => {
    const limits = small ? LIMITS : limited({});
    assert.deepEqual(decodeRequests(piecesOf(text, where), limits), decodeRequests([latin1(text)], limits));
  });
  fc.assert(holds, { ...RUNS, numRuns: 4_000 });
});

test('property: any input gives requests, and then waits or is refused for one of the reasons', () => {
  const seen = { requests: 0, contents: 0, rejections: 0 };
  const holds = fc.property(input, (text) => {
    const { requests, rejection } = decodeRequests([latin1(text)]);
    seen.requests += requests.length;
    seen.contents += requests.filter(({ content }) => content !== '').length;
    seen.rejections += Number(rejection !== undefined);
    for (const request of requests.slice(0, -1)) assert.ok(request.complete);
    for (const { method, authority, minor } of requests) {
      assert.match(method, /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/);
      assert.ok(authority !== '' || minor === 0);
    }
    if (rejection !== undefined) assert.ok(Object.values(REJECTIONS).includes(rejection));
  });
  fc.assert(holds, { ...RUNS, numRuns: 4_000 });
  assert.ok(Math.min(...Object.values(seen)) > 100, JSON.stringify(seen));
});

/** Answers everything, when the head or when all of the request is there, and notes the methods that were answered. */
function talk(pieces: readonly Uint8Array[], early: boolean): { answers: string; methods: string[] } {
  const connection = new ServerConnection();
  const methods: string[] = [];
  let answers = '';
  for (const piece of pieces) {
    connection.receive(piece);
    for (let result = connection.next(); result !== NEED_OCTETS; result = connection.next()) {
      if (result === MESSAGE_HEAD) methods.push(connection.request!.method);
      if (result === REJECTED) {
        const isOfNextRequest = connection.isIdle;
        const refusal = connection.refuse(connection.rejection, DATE);
        // What was refused may have been a HEAD, and then there is nothing behind the head of the answer.
        if (isOfNextRequest) methods.push(refusal.endsWith('\r\n\r\n') ? 'HEAD' : 'GET');
        answers += refusal;
      }
      if (result === PAUSED && connection.responseIsComplete) return { answers, methods };
      if (result === PAUSED || (early && result === MESSAGE_HEAD)) {
        answers += connection.beginResponse(responseStart({ contentLength: -1 }));
        answers += connection.contentEncoder().end();
        connection.endResponse();
      }
    }
  }
  return { answers, methods };
}

test('property: whatever a client sends, what it gets are well-formed responses, in any pieces the same', () => {
  const holds = fc.property(input, cuts, fc.boolean(), (text, where, early) => {
    const { answers, methods } = talk(piecesOf(text, where), early);
    // A CONNECT that is accepted is a tunnel from then on; nothing here understands what goes through it.
    if (methods.includes('CONNECT')) return;
    assert.ok(parseResponses(latin1(answers), methods, true).length <= methods.length);
    assert.equal(talk([latin1(text)], early).answers, answers);
  });
  fc.assert(holds, { ...RUNS, numRuns: 2_000 });
});
