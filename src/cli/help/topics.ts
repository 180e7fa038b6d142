/** The help pages, apart from the first one. */
export const TOPICS = [
  ...([
    'site',
    'cache',
    'share',
    'upload',
    'config',
    'workers',
    'operate',
    'limits',
    'proxy',
    'tls',
  ] as const),
  ...(['demo', 'get', 'hash', 'trust', 'completion'] as const),
];
export type Topic = (typeof TOPICS)[number];

export function isTopic(text: string): text is Topic {
  return (TOPICS as readonly string[]).includes(text);
}
