/** Hono on @hono/node-server. */
import process from 'node:process';
import { serve } from '@hono/node-server';
import { app } from './hono-application.mjs';

serve({ fetch: app.fetch, port: Number(process.argv[2]), hostname: '127.0.0.1' });
