/** Serves the application where its supervisor listens; with the word `proxy`, to a balancer here that sends PROXY headers. */
import process from 'node:process';
import { serve } from '../../../src/index.ts';
import application from './application.ts';

const proxy = { protocol: true, trusted: ['127.0.0.1'] };

serve(application, { port: 0, hostname: '127.0.0.1', ...(process.argv[2] === 'proxy' && { proxy }) });
