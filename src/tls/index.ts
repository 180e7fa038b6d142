/** `serval/tls`: certificates that change while the server runs. */
export {
  type CertificateFiles,
  type CertificateFilesOptions,
  certificateFiles,
} from './certificate-files.ts';
export type { Pem, TlsCertificate } from './identity.ts';
export type { SniCallback, TlsOptions } from './options.ts';
export type { TlsSource } from './source.ts';
