/** Starts one process for each core. They listen on one socket; `kill -HUP` reloads them without losing a request. */
import process from 'node:process';
import { supervise } from 'serval/workers';

const supervisor = supervise(new URL('./app.js', import.meta.url), {
  port: Number(process.env['PORT'] ?? 4221),
  workers: process.env['WORKERS'] === undefined ? 'auto' : Number(process.env['WORKERS']),
  // SIGTERM and SIGINT drain, SIGHUP reloads.
  signals: true,
});
await supervisor.ready;
const [address] = supervisor.addresses;
console.log(`Listening at http://${address?.address}:${address?.port}/`);
