import type { SocketAddress } from '../../io/socket-address.ts';
import type { ServeCommand } from '../arguments.ts';
import { complain, print } from '../output.ts';
import { withoutControls } from '../printable.ts';
import { urlsOf } from './addresses.ts';
import { announcement, type Crew, warnings } from './announcement.ts';
import type { Served } from './served.ts';

/**
 * Tells people that it listens, and opens their browser if they want it.
 *
 * @param crew who answers, if it is not this process.
 */
export async function announce(
  { open }: ServeCommand,
  served: Served,
  addresses: readonly SocketAddress[],
  crew?: Crew,
): Promise<void> {
  const announced = { ...served, addresses, crew };
  print(withoutControls(announcement(announced)));
  for (const warning of warnings(announced)) complain(`warning: ${warning}`);
  const address = addresses.find(({ family }) => family !== 'unix');
  if (!open || address === undefined) return;
  const { openBrowser } = await import('./open-browser.ts');
  openBrowser(urlsOf(address, served.encryption && 'https')[0]!.url, complain);
}
