import { exchangeBehaviour } from './behaviour.ts';
import { memory } from './memory-kind.ts';
import { webSocketBehaviour } from './websocket.ts';

exchangeBehaviour(memory);
webSocketBehaviour(memory);
