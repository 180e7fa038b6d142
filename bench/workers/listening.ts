/** Serves `hello.ts` with the options of `serve` that its argument has as JSON. */
import process from 'node:process';
import { serve } from '../../src/index.ts';
import hello from './hello.ts';

serve(hello, JSON.parse(process.argv[2] ?? '{}'));
// The parent, and with it the measurement, has ended.
process.on('disconnect', () => process.exit(0));
