import { exchangeBehaviour } from './behaviour.ts';
import { http2Secured } from './http2-kind.ts';

exchangeBehaviour(http2Secured);
