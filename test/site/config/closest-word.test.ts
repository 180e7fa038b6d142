import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { closestWord } from '../../../src/site/config/closest-word.ts';

describe('closestWord', () => {
  const KNOWN = ['port', 'host', 'listing', 'clean-urls', 'spa'];
  const near: Record<string, string | undefined> = {
    prot: 'port',
    pot: 'port',
    ports: 'port',
    PORT: 'port',
    lsiting: 'listing',
    lists: undefined,
    cleanurls: 'clean-urls',
    'clean-url': 'clean-urls',
    sap: 'spa',
    xyz: undefined,
    '': undefined,
    'port-of-the-whole-server': undefined,
  };
  for (const [word, closest] of Object.entries(near)) {
    it(`takes "${word}" for ${closest}`, () => assert.equal(closestWord(word, KNOWN), closest));
  }
});
