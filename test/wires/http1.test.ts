import { exchangeBehaviour } from './behaviour.ts';
import { http1 } from './http1-kind.ts';
import { webSocketBehaviour } from './websocket.ts';

exchangeBehaviour(http1);
webSocketBehaviour(http1);
