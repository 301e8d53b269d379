import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fill, namesIn } from '../src/index.js';

test('fills', () => {
  assert.equal(fill('Dear {name}, {x}', { name: 'A', x: 1 }), 'Dear A, 1');
});

test('names', () => {
  assert.deepEqual(namesIn('{a} {b}'), ['a', 'b']);
});

test('leaves what is missing', () => {
  assert.equal(fill('{a}', {}), '{a}');
});
