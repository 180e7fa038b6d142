/** The addresses under which a recorded connection stands in a capture file. */
import type { SocketAddress } from '../../../io/socket-address.ts';
import { addressOctets, mappedIPv4 } from '../../../semantics/address/ip-address.ts';
import type { ConnectionRecord } from '../../recorder/connection-record.ts';
import type { End } from './ip-packet.ts';

/**
 * Where readers of capture files expect clear HTTP. At ports such as 443 they expect TLS, and HTTP/2 they find at ports of HTTP only.
 * What was decrypted is kept apart in this way from the encrypted packets of a capture of the network, when both files are merged.
 */
const HTTP_PORT = 80;
/** For ends that are unknown, or a unix socket: addresses for documentation (RFC 5737 §3). */
const UNKNOWN_CLIENT = Uint8Array.of(192, 0, 2, 1);
const UNKNOWN_SERVER = Uint8Array.of(192, 0, 2, 2);
/** RFC 6335 §6 */
const FIRST_DYNAMIC_PORT = 49_152;
const DYNAMIC_PORTS = 16_384;

export interface ConnectionEnds {
  readonly client: End;
  readonly server: End;
  /** What is not as it was on the network. */
  readonly remark: string | undefined;
}

/** @param connection `undefined` if its record has made room for others. @param id its number. */
export function connectionEnds(
  connection: ConnectionRecord | undefined,
  id: number,
  isHttp2: boolean,
): ConnectionEnds {
  const remote = octetsOf(connection?.ends.remoteAddress);
  const local = octetsOf(connection?.ends.localAddress);
  if (connection === undefined || remote === undefined || local === undefined) {
    const client = { address: UNKNOWN_CLIENT, port: FIRST_DYNAMIC_PORT + (id % DYNAMIC_PORTS) };
    const server = { address: UNKNOWN_SERVER, port: HTTP_PORT };
    return { client, server, remark: 'Its addresses are made up: they are not known.' };
  }
  const { remoteAddress, localAddress } = connection.ends;
  const isIpv6 = remote.length === 16 || local.length === 16;
  const [clientAddress, serverAddress] = isIpv6 ? [mapped(remote), mapped(local)] : [remote, local];
  const isDecrypted = connection.row.tls !== undefined;
  const port = isDecrypted || isHttp2 ? HTTP_PORT : localAddress.port;
  return {
    client: { address: clientAddress, port: remoteAddress.port },
    server: { address: serverAddress, port },
    remark:
      port === localAddress.port
        ? undefined
        : `The port of the server was ${localAddress.port}. Here it is ${port}, where readers expect clear HTTP.`,
  };
}

function octetsOf(end: SocketAddress | undefined): Uint8Array | undefined {
  if (end === undefined || end.family === 'unix') return undefined;
  const [withoutZone = ''] = end.address.split('%');
  return addressOctets(mappedIPv4(withoutZone) ?? withoutZone);
}

/** The address of IPv4 as one of IPv6 (RFC 4291 §2.5.5.2), where the other end has one of these. */
function mapped(address: Uint8Array): Uint8Array {
  if (address.length === 16) return address;
  return Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...address);
}
