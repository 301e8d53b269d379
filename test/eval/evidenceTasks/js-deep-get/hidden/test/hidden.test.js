import assert from 'node:assert/strict';
import { test } from 'node:test';
import { get, set } from '../src/index.js';

test('does not take null and 0 for missing', () => {
  assert.equal(get({ a: null }, 'a', 1), null);
  assert.equal(get({ a: 0 }, 'a', 1), 0);
  assert.equal(get({ a: null }, 'a.b', 1), 1);
});

test('does not inherit', () => {
  assert.equal(get({}, 'toString'), undefined);
  assert.equal(get({}, 'constructor.name', 'x'), 'x');
});

test('takes undefined for missing', () => {
  assert.equal(get({ a: undefined }, 'a', 2), 2);
});
