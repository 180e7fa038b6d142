import { mediaTypeEssence } from '../../../../src/semantics/media-type.ts';
import { type Case, type CaseGroup, oneRequest } from '../case.ts';
import { octetsOf } from '../fixture.ts';
import { wholeFault } from '../judges.ts';

/** @param right types as registered, and those that went before them. */
function typed(rule: string, target: string, ...right: readonly string[]): Case {
  return oneRequest(rule, `\`${target}\`: \`${right[0]}\``, { target }, (answer) => {
    const type = answer.field('content-type') ?? 'no Content-Type';
    const fault = wholeFault(answer, octetsOf(target === '/' ? '/index.html' : target));
    return fault ?? (right.includes(mediaTypeEssence(type) ?? '') ? undefined : type);
  });
}

const JAVASCRIPT = ['text/javascript', 'application/javascript'] as const;

export const mediaTypes: CaseGroup = {
  title: 'Media types',
  cases: [
    typed('SHOULD RFC 9110 §8.3', '/', 'text/html'),
    typed('SHOULD RFC 9110 §8.3', '/page.css', 'text/css'),
    typed('SHOULD RFC 9239 §6', '/app.js', ...JAVASCRIPT),
    typed('expected RFC 9239 §6', '/module.mjs', ...JAVASCRIPT),
    typed('SHOULD RFC 8259 §11', '/data.json', 'application/json'),
    typed('SHOULD RFC 9110 §8.3', '/image.svg', 'image/svg+xml'),
    typed('expected RFC 8081 §4.4.6', '/font.woff2', 'font/woff2', 'application/font-woff2'),
    typed('expected RFC 9110 §8.3', '/code.wasm', 'application/wasm'),
    typed('expected RFC 9110 §8.3', '/image.avif', 'image/avif'),
    oneRequest(
      'expected RFC 9110 §8.3',
      'an unknown extension is not called HTML',
      { target: '/unknown.xyzzy' },
      (answer) => {
        const type = answer.field('content-type') ?? '';
        const fault = wholeFault(answer, octetsOf('/unknown.xyzzy'));
        return fault ?? (mediaTypeEssence(type) === 'text/html' ? type : undefined);
      },
    ),
    oneRequest(
      'expected',
      'text that is UTF-8 is said to be, or says so itself',
      { target: '/caf%C3%A9.txt' },
      (answer) => {
        const type = answer.field('content-type') ?? 'no Content-Type';
        return /;\s*charset="?utf-8"?/i.test(type) ? undefined : type;
      },
    ),
  ],
};
