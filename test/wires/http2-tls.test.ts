import { exchangeBehaviour } from './behaviour.ts';
import { http2Secured } from './http2-kind.ts';
import { webSocketBehaviour } from './websocket.ts';

exchangeBehaviour(http2Secured);
webSocketBehaviour(http2Secured);
