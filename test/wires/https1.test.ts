import { exchangeBehaviour } from './behaviour.ts';
import { https1 } from './http1-kind.ts';
import { webSocketBehaviour } from './websocket.ts';

exchangeBehaviour(https1);
webSocketBehaviour(https1);
