import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discounted, format, split } from '../src/index.js';

test('formats', () => {
  assert.equal(format(1250), '12.50 EUR');
});

test('splits evenly', () => {
  assert.deepEqual(split(900, 3), [300, 300, 300]);
});

test('loses nothing', () => {
  assert.deepEqual(split(1000, 3), [334, 333, 333]);
});

test('discounts', () => {
  assert.equal(discounted(999, 10), 900);
});
