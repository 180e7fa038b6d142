import { exchangeBehaviour } from './behaviour.ts';
import { https1 } from './http1-kind.ts';

exchangeBehaviour(https1);
