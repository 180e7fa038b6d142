/** The same applications once more, with `serval/globals` imported before them. */
import '../../src/globals.ts';
import './frameworks.test.ts';
