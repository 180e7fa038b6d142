/** Serval on one of the machines, as `deploy/` starts it. */
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { RunningProgram } from '../lives/running.ts';
import type { Machine, Network } from './network.ts';

export const REPLICA_PORT = 8080;

const PROGRAM = fileURLToPath(new URL('./replica-program.js', import.meta.url));

export function startReplica(network: Network, machine: Machine): Promise<RunningProgram> {
  const words = [
    ...network.wordsOn(machine),
    process.execPath,
    PROGRAM,
    machine.address,
    String(REPLICA_PORT),
    network.balancer,
  ];
  const environment = { REPLICA: machine.name };
  return RunningProgram.listening({ file: 'ip', words, environment }, REPLICA_PORT, machine.address);
}
