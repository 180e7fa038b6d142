import { exchangeBehaviour } from './behaviour.ts';
import { http2Clear } from './http2-kind.ts';
import { webSocketBehaviour } from './websocket.ts';

exchangeBehaviour(http2Clear);
webSocketBehaviour(http2Clear);
