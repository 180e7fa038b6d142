import { exchangeBehaviour } from './behaviour.ts';
import { http1 } from './http1-kind.ts';

exchangeBehaviour(http1);
