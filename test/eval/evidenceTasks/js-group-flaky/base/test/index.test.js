import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { groupBy, sample } from '../src/index.js';

test('samples', () => {
  assert.ok([1, 2].includes(sample([1, 2])));
});

test('is slow the first time', () => {
  const was = existsSync('.warm');
  writeFileSync('.warm', '');
  assert.ok(was, 'it was not warm yet');
});

test('samples the last', () => {
  assert.equal(sample([1, 2, 3], () => 0.99), 3);
});
