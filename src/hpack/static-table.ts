/** The static table (RFC 7541 Appendix A): fields that have an index on every connection. */
import { HeaderField } from './header-field.ts';

const ROWS = `
:authority
:method GET
:method POST
:path /
:path /index.html
:scheme http
:scheme https
:status 200
:status 204
:status 206
:status 304
:status 400
:status 404
:status 500
accept-charset
accept-encoding gzip, deflate
accept-language
accept-ranges
accept
access-control-allow-origin
age
allow
authorization
cache-control
content-disposition
content-encoding
content-language
content-length
content-location
content-range
content-type
cookie
date
etag
expect
expires
from
host
if-match
if-modified-since
if-none-match
if-range
if-unmodified-since
last-modified
link
location
max-forwards
proxy-authenticate
proxy-authorization
range
referer
refresh
retry-after
server
set-cookie
strict-transport-security
transfer-encoding
user-agent
vary
via
www-authenticate`;

/** The field with the index i is at i - 1, because indexes begin with 1 (RFC 7541 §2.3.1). */
export const STATIC_TABLE: readonly HeaderField[] = ROWS.trim()
  .split('\n')
  .map((row) => {
    const [name = '', ...value] = row.split(' ');
    return HeaderField.of(name, value.join(' '));
  });

/** The index of the newest dynamic entry (RFC 7541 §2.3.3). */
export const FIRST_DYNAMIC_INDEX = STATIC_TABLE.length + 1;
