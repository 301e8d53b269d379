import assert from 'node:assert/strict';
import { test } from 'node:test';
import { get, set } from '../src/index.js';

test('refuses all', () => {
  for (const key of ['a.__proto__.b', 'constructor', 'x.prototype']) assert.throws(() => set({}, key, 1), TypeError);
});
