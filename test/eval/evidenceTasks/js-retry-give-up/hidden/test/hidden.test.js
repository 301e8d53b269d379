import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retry } from '../src/index.js';

test('throws at once', () => {
  let calls = 0;
  return assert.rejects(retry(() => { calls++; throw new Error('fatal'); }, { shouldRetry: (error) => error.message !== 'fatal' }), /fatal/).then(() => assert.equal(calls, 1));
});

test('calls once', () => {
  let calls = 0;
  return assert.rejects(retry(() => { if (++calls > 5) return 1; throw new Error('no'); }, { times: 0 })).then(() => assert.equal(calls, 1));
});

test('does not wait in vain', () => {
  let waits = 0;
  return assert.rejects(retry(() => { throw new Error('x'); }, { shouldRetry: () => false, wait: async () => { waits++; } })).then(() => assert.equal(waits, 0));
});
