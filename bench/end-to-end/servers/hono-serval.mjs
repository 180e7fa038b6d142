/**
 * Hono on Serval, of the checkout whose `dist/` is in `SERVAL_DIST`.
 *
 *     SERVAL_DIST=dist node hono-serval.mjs <port> [globals]
 */
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const [port, globals] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(join(process.env.SERVAL_DIST ?? 'dist', file)).href);

// Imported first, before a module keeps a reference to `Response`.
if (globals === 'globals') await load(process.env.SERVAL_GLOBALS);
const { serve } = await load('index.js');
const { app } = await import('./hono-application.mjs');

serve(app, { port: Number(port), hostname: '127.0.0.1', backlog: 4096 });
