/** All that is looked at in a real browser, in one process: so that they share one. */
import './documentation-site.ts';
import './error-pages.ts';
import './inspector.ts';
import './inspector-workers.ts';
import './inspector-experiments.ts';
import './listing.ts';
import './site.ts';
import './socket-page.ts';
import './uploads.ts';
import './welcome-page.ts';
