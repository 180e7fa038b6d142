/** Serves `hello.ts` as its argument, the options of `serve` in JSON, says. */
import process from 'node:process';
import { serve } from '../../src/index.ts';
import hello from './hello.ts';

serve(hello, JSON.parse(process.argv[2] ?? '{}'));
// Of its parent: it has gone, and so has whoever measured.
process.on('disconnect', () => process.exit(0));
