import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Queue } from '../src/index.js';

test('goes on', () => {
  const queue = new Queue();
  const failed = assert.rejects(queue.add(() => { throw new Error('no'); }), /no/);
  return queue.add(() => 5).then((value) => { assert.equal(value, 5); return failed; });
});

test('counts down', () => {
  const queue = new Queue();
  return queue.add(() => Promise.reject(new Error('no'))).catch(() => {}).then(() => new Promise((done) => setTimeout(done, 5))).then(() => assert.equal(queue.pending, 0));
});
