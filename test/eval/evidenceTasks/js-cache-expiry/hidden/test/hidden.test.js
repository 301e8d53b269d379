import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from '../src/index.js';

test('does not count what nobody looked up', () => {
  let now = 0;
  const cache = new Cache(10, () => now);
  cache.set('a', 1);
  now = 5;
  cache.set('b', 1);
  now = 12;
  assert.equal(cache.size, 1);
  assert.equal(cache.get('b'), 1);
});

test('expires at its lifetime', () => {
  let now = 0;
  const cache = new Cache(10, () => now);
  cache.set('a', 1);
  now = 10;
  assert.equal(cache.get('a'), undefined);
  assert.equal(cache.size, 0);
});
