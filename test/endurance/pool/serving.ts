/** Serves the application on the supervisor's socket. With the argument `proxy` it expects PROXY headers from this machine. */
import process from 'node:process';
import { serve } from '../../../src/index.ts';
import application from './application.ts';

const proxy = { protocol: true, trusted: ['127.0.0.1'] };

serve(application, { port: 0, hostname: '127.0.0.1', ...(process.argv[2] === 'proxy' && { proxy }) });
