import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discounted, format, split } from '../src/index.js';

test('adds up', () => {
  for (const [cents, parts] of [[100, 7], [5, 4], [11, 3], [0, 2]]) {
    const list = split(cents, parts);
    assert.equal(list.reduce((a, b) => a + b, 0), cents);
    assert.ok(Math.max(...list) - Math.min(...list) <= 1);
  }
  assert.deepEqual(split(5, 3), [2, 2, 1]);
});

test('is negative', () => {
  const list = split(-100, 3);
  assert.equal(list.reduce((a, b) => a + b, 0), -100);
  assert.ok(Math.max(...list) - Math.min(...list) <= 1);
});
