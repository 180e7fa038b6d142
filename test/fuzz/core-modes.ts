/** The modes that need no socket: what each fuzzes, where it starts, and the words that it inserts. */
import type { FuzzTarget } from './core-campaign.ts';
import { CoreTarget } from './core-target.ts';
import { CORPUS, RESPONSE_CORPUS, readCorpus } from './corpus.ts';
import { REQUEST_VOCABULARY, RESPONSE_VOCABULARY, type Vocabulary } from './dictionary.ts';
import { Http2ClientTarget } from './http2/client-target.ts';
import { HpackTarget } from './http2/hpack-target.ts';
import * as scripts from './http2/script.ts';
import { Http2ServerTarget } from './http2/server-target.ts';
import type { Random } from './random.ts';
import { ResponseTarget } from './response-target.ts';

interface Mode {
  readonly target: (random: Random) => FuzzTarget;
  readonly vocabulary: Vocabulary;
  readonly corpus: () => readonly Buffer[];
}

const messagesIn = (folder: string) => () => readCorpus(folder).map(({ octets }) => octets);

export const CORE_MODES = {
  core: {
    target: (random) => new CoreTarget(random),
    vocabulary: REQUEST_VOCABULARY,
    corpus: messagesIn(CORPUS),
  },
  responses: {
    target: (random) => new ResponseTarget(random),
    vocabulary: RESPONSE_VOCABULARY,
    corpus: messagesIn(RESPONSE_CORPUS),
  },
  http2: {
    target: (random) => new Http2ServerTarget(random),
    vocabulary: scripts.HTTP2_VOCABULARY,
    corpus: () => scripts.HTTP2_CORPUS,
  },
  'http2-responses': {
    target: (random) => new Http2ClientTarget(random),
    vocabulary: scripts.HTTP2_VOCABULARY,
    corpus: () => scripts.HTTP2_RESPONSES,
  },
  hpack: {
    target: (random) => new HpackTarget(random),
    vocabulary: scripts.HPACK_VOCABULARY,
    corpus: () => scripts.HPACK_CORPUS,
  },
} as const satisfies Record<string, Mode>;

export type CoreMode = keyof typeof CORE_MODES;
