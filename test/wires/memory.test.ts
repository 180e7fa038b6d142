import { exchangeBehaviour } from './behaviour.ts';
import { memory } from './memory-kind.ts';

exchangeBehaviour(memory);
