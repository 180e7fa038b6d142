/** The settings of a site, as `serval.json` and the command line give them. */
import type { CorsOptions } from '../access/cors.ts';
import type { HeaderRule } from '../rules/header-rules.ts';
import type { Redirect } from '../rules/redirects.ts';
import type { ServerConfig } from './server-config.ts';
import type { TlsConfig } from './tls-config.ts';

/** `config-schema.ts` describes each member. */
export interface SiteConfig extends ServerConfig, TlsConfig {
  readonly $schema?: string;
  readonly root?: string;
  readonly index?: string | false;
  readonly spa?: boolean | string;
  readonly cleanUrls?: boolean;
  readonly notFound?: string;
  readonly listing?: boolean;
  readonly dotfiles?: boolean;
  readonly symlinks?: 'within' | 'anywhere';
  readonly cacheControl?: string | false;
  readonly mediaTypes?: Readonly<Record<string, string>>;
  readonly compress?: boolean;
  readonly precompressed?: boolean;
  readonly headers?: readonly HeaderRule[];
  readonly redirects?: readonly Redirect[];
  readonly cors?: boolean | CorsOptions;
  readonly auth?: readonly string[];
  readonly upload?: boolean | UploadConfig;
}

export interface UploadConfig {
  readonly overwrite?: boolean;
  readonly delete?: boolean;
  /** In the form that `parseByteSize` reads. */
  readonly maxSize?: string;
}

/** `config`, with each member that `options` has taken from there. The members of groups such as `upload` are merged. */
export function withOptions(config: SiteConfig, options: SiteConfig): SiteConfig {
  const merged: SiteConfig = { ...config, ...options };
  for (const group of ['upload', 'timeouts', 'limits'] as const) {
    const [given, instead] = [config[group], options[group]];
    if (typeof given === 'object' && typeof instead === 'object')
      Object.assign(merged, { [group]: { ...given, ...instead } });
  }
  return merged;
}
