import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cache } from '../src/index.js';

test('keeps', () => {
  const cache = new Cache(10, () => 0);
  cache.set('a', 1);
  assert.equal(cache.get('a'), 1);
  assert.equal(cache.size, 1);
});

test('forgets', () => {
  let now = 0;
  const cache = new Cache(10, () => now);
  cache.set('a', 1);
  now = 11;
  assert.equal(cache.get('a'), undefined);
  assert.equal(cache.size, 0);
});

test('keeps what is falsy', () => {
  const cache = new Cache(10, () => 0);
  cache.set('a', 0);
  assert.equal(cache.get('a'), 0);
});
