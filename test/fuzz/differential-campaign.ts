/** Sends the same messages to Serval and to `node:http`, and reports differences that are not in the reviewed list. */
import { DEFAULT_LIMITS } from '../../src/http1/limits.ts';
import { startServer } from '../support/server-process.ts';
import { escapeOctets } from '../support/transcript.ts';
import { askPatiently } from './client.ts';
import { type DifferentialOutcome, findDisagreements } from './disagreements.ts';
import { disagreementOf, type MessageFacts, outcomesIn } from './exchanges.ts';
import { KNOWN_DISAGREEMENTS } from './known-disagreements.ts';
import { startNodeApplication } from './node-application.ts';
import { Observation, observe } from './observation.ts';
import { APPLICATION, type ServerOptions } from './server-campaign.ts';

const WHOLE = { cuts: [], aborts: false };

export async function fuzzDifferentially(options: ServerOptions): Promise<DifferentialOutcome> {
  const serval = await startServer(APPLICATION, { onlyDescribes: true });
  const node = await startNodeApplication();
  const classOf = async (message: Buffer): Promise<string | undefined> => {
    const [ours, theirs] = await Promise.all([
      askPatiently(serval.port, message, WHOLE),
      askPatiently(node.port, message, WHOLE),
    ]);
    const answers = outcomesIn(ours.octets.toString('latin1'));
    return disagreementOf(answers, outcomesIn(theirs.octets.toString('latin1')), factsOf(message));
  };
  const comparison = {
    name: 'differential',
    known: KNOWN_DISAGREEMENTS,
    examples: KNOWN_DISAGREEMENTS.map(({ example }) => Buffer.from(example, 'latin1')),
    classOf,
    show: escapeOctets,
  };
  try {
    return await findDisagreements(comparison, options);
  } finally {
    node.stop();
    await serval.stop();
  }
}

function factsOf(message: Buffer): MessageFacts {
  const seen = new Observation();
  observe(seen, [message], DEFAULT_LIMITS);
  const text = message.toString('latin1');
  return {
    reason: seen.rejection?.reason ?? (hasHostOfNoUrl(text) ? 'HostSyntax' : 'Incomplete'),
    breaksOff: seen.rejection === undefined && seen.inHead,
    isBroken: seen.rejection !== undefined,
    hasPreface: text.includes('PRI '),
    hasConnect: text.includes('CONNECT '),
    hasUpgrade: /upgrade/i.test(text),
  };
}

/** The server refuses hosts that RFC 3986 allows and the URL Standard does not: `1.2.3.4.5`, `a5.0`. The decoder accepts them. */
function hasHostOfNoUrl(text: string): boolean {
  const hosts = [...text.matchAll(/\r\nHost:[ \t]*([^\r]*)/gi)].map(([, host]) => host!.trimEnd());
  return hosts.some((host) => !URL.canParse(`http://${host}`));
}
