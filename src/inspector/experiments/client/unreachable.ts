/** No connection came about. Its message is a sentence for the page. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}
