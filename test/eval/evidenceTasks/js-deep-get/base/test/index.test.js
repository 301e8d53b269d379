import assert from 'node:assert/strict';
import { test } from 'node:test';
import { get, set } from '../src/index.js';

test('gets', () => {
  assert.equal(get({ a: { b: [5] } }, 'a.b.0'), 5);
});

test('sets', () => {
  assert.deepEqual(set({ a: { b: 1 }, c: 2 }, 'a.b', 3), { a: { b: 3 }, c: 2 });
});

test('is undefined where nothing is', () => {
  assert.equal(get({ a: 1 }, 'b.c'), undefined);
});

test('has a default', () => {
  assert.equal(get({}, 'a.b', 7), 7);
});
