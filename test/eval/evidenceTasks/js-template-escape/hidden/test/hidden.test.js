import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fill, namesIn } from '../src/index.js';

test('has braces', () => {
  assert.equal(fill('{{a}} {a}', { a: 1 }), '{a} 1');
  assert.equal(fill('{{{a}}}', { a: 1 }), '{1}');
});

test('names once', () => {
  assert.deepEqual(namesIn('{a} {{b}} {a}'), ['a']);
});

test('fills with falsy', () => {
  assert.equal(fill('{a}{b}', { a: 0, b: '' }), '0');
});
