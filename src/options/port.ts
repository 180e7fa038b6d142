import { checkInteger, refusal } from './checks.ts';

const MAX_PORT = 65_535;

/**
 * A port: a number, or the text of an environment variable such as `"8080"`.
 *
 * @throws {TypeError | RangeError} naming the option and the value.
 */
export function readPort(name: string, value: number | string | undefined): number | undefined {
  if (typeof value !== 'string') {
    checkInteger(name, value, 0, MAX_PORT);
    return value;
  }
  if (!/^\d+$/.test(value)) throw new TypeError(refusal(name, `an integer from 0 to ${MAX_PORT}`, value));
  if (Number(value) > MAX_PORT)
    throw new RangeError(refusal(name, `an integer from 0 to ${MAX_PORT}`, value));
  return Number(value);
}

/** The same options, with the port as a number. */
export function withNumericPort<Options extends { port?: number | string }>(
  options: Options,
  name = 'options.port',
): Options & { port?: number } {
  const port = readPort(name, options.port);
  return (port === options.port ? options : { ...options, port }) as Options & { port?: number };
}
