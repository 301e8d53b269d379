import assert from 'node:assert/strict';
import { test } from 'node:test';
import { merge } from '../src/ranges.mjs';

test('merges', () => {
  assert.deepEqual(merge([{ start: 3, end: 6 }, { start: 1, end: 4 }]), [{ start: 1, end: 6 }]);
});

test('keeps apart', () => {
  assert.deepEqual(merge([{ start: 1, end: 2 }, { start: 5, end: 6 }]).length, 2);
});

test('holds', () => {
  assert.deepEqual(merge([{ start: 1, end: 9 }, { start: 2, end: 3 }]), [{ start: 1, end: 9 }]);
});
