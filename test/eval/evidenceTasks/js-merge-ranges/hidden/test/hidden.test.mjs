import assert from 'node:assert/strict';
import { test } from 'node:test';
import { merge } from '../src/ranges.mjs';

test('touch', () => {
  assert.deepEqual(merge([{ start: 1, end: 2 }, { start: 2, end: 3 }]), [{ start: 1, end: 3 }]);
});

test('empty', () => {
  assert.deepEqual(merge([{ start: 1, end: 1 }]), []);
  assert.deepEqual(merge([{ start: 1, end: 1 }, { start: 4, end: 5 }]), [{ start: 4, end: 5 }]);
});

test('alone', () => {
  const list = [{ start: 5, end: 6 }, { start: 1, end: 2 }];
  merge(list);
  assert.equal(list[0]?.start, 5);
});
