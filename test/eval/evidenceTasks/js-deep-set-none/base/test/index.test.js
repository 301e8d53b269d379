import assert from 'node:assert/strict';
import { test } from 'node:test';
import { get, set } from '../src/index.js';

test('gets', () => {
  assert.equal(get({ a: { b: [5] } }, 'a.b.0'), 5);
});

test('sets', () => {
  assert.deepEqual(set({ a: { b: 1 }, c: 2 }, 'a.b', 3), { a: { b: 3 }, c: 2 });
});

test('refuses', () => {
  assert.throws(() => set({}, '__proto__.x', 1), TypeError);
});
