// Whether the suite used every method of the SDK. It is the last test of a run.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { declaredClasses, prototypes, publicMethods, usedMethods } from './methods.mjs';

describe('the methods of the SDK', () => {
  it('are those that its declarations name', () => {
    const [classes, found] = [declaredClasses(), prototypes()];
    assert.deepEqual([...found.keys()].sort(), [...classes.keys()].sort());
    for (const [name, { isAbstract, shown, hidden }] of classes) {
      const own = Object.getOwnPropertyNames(found.get(name)).filter((key) => key !== 'constructor');
      const unknown = own.filter((key) => !shown.has(key) && !hidden.has(key));
      assert.deepEqual(unknown, [], `${name} has more than its declaration`);
      const missing = [...shown].filter((key) => !own.includes(key));
      assert.ok(isAbstract || missing.length === 0, `${name} lacks ${missing}`);
    }
  });

  it('are all used by the suite', (test) => {
    const [methods, used] = [publicMethods(), usedMethods()];
    test.diagnostic(`${methods.length} methods of the SDK`);
    assert.deepEqual(methods.filter((method) => !used.has(method)), [], 'no test has used them');
  });
});
