import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { printAs } from '../../src/io/printed-as.ts';

class Lamp {
  readonly secret = 'key';
  readonly isOn: boolean;
  constructor(isOn: boolean) {
    this.isOn = isOn;
  }
}
printAs(Lamp, 'Lamp', {
  text: ({ isOn }) => (isOn ? 'on' : 'off'),
  members: ({ isOn }) => ({ isOn, inner: { deep: { deeper: 1 } } }),
});

describe('printAs', () => {
  test('String, console.log and JSON show the chosen members alone', () => {
    const lamp = new Lamp(true);
    assert.equal(String(lamp), 'Lamp (on)');
    assert.equal(Object.prototype.toString.call(lamp), '[object Lamp]');
    assert.equal(inspect(lamp, { depth: 0 }), 'Lamp { isOn: true, inner: [Object] }');
    assert.equal(JSON.stringify(lamp), '{"isOn":true,"inner":{"deep":{"deeper":1}}}');
  });

  test('an object inside of others is printed by its name where those are cut off', () => {
    assert.equal(
      inspect({ a: { b: { c: { lamp: new Lamp(false) } } } }, { depth: 3 }).includes('[Lamp]'),
      true,
    );
  });

  test('the members are not enumerable', () => {
    assert.deepEqual(Object.keys(new Lamp(true)), ['secret', 'isOn']);
    const seen: string[] = [];
    for (const name in new Lamp(true)) seen.push(name);
    assert.deepEqual(seen, ['secret', 'isOn']);
  });
});
