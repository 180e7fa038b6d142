import { exchangeBehaviour } from './behaviour.ts';
import { http2Clear } from './http2-kind.ts';

exchangeBehaviour(http2Clear);
