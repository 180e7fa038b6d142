import type { DeadlineSweep } from '../../io/deadline.ts';
import type { ClientError } from '../errors.ts';
import type { Exchange } from '../exchange.ts';
import type { ClientSettings } from '../options.ts';
import type { ClientConnectionDriver } from './pooled-connection.ts';

/** What the connection tells its pool. */
export interface DriverOwner {
  readonly settings: ClientSettings;
  readonly sweep: DeadlineSweep;
  onConnected(driver: ClientConnectionDriver): void;
  /** It never stood. */
  onConnectFailed(driver: ClientConnectionDriver, error: ClientError): void;
  /** It may carry another request. */
  onIdle(driver: ClientConnectionDriver): void;
  onClosed(driver: ClientConnectionDriver): void;
  /** The request may be sent on another connection. */
  onRetry(exchange: Exchange): void;
}
