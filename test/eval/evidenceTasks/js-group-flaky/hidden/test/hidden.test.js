import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupBy, sample } from '../src/index.js';

test('groups', () => {
  const groups = groupBy([1, 2, 3], (value) => value % 2);
  assert.ok(groups instanceof Map);
  assert.deepEqual(groups.get(1), [1, 3]);
});

test('groups by anything', () => {
  const groups = groupBy(['constructor', 'x'], (value) => value);
  assert.deepEqual(groups.get('constructor'), ['constructor']);
});

test('samples', () => {
  assert.equal(sample([1, 2, 3], () => 0.99), 3);
});
