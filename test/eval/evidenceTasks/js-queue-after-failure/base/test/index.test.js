import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Queue } from '../src/index.js';

test('runs in order', () => {
  const queue = new Queue();
  const seen = [];
  queue.add(async () => { await null; seen.push(1); });
  return queue.add(() => seen.push(2)).then(() => assert.deepEqual(seen, [1, 2]));
});

test('gives results', () => {
  return new Queue().add(() => 7).then((value) => assert.equal(value, 7));
});
