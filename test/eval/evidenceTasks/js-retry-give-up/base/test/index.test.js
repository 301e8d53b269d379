import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retry } from '../src/index.js';

test('succeeds at last', () => {
  let calls = 0;
  return retry(() => { if (++calls < 3) throw new Error('no'); return calls; }).then((value) => assert.equal(value, 3));
});

test('gives up', () => {
  let calls = 0;
  return assert.rejects(retry(() => { calls++; throw new Error('no'); }, { times: 2 })).then(() => assert.equal(calls, 2));
});
