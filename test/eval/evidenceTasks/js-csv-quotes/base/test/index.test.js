import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, parseLine } from '../src/index.js';

test('splits', () => {
  assert.deepEqual(parseLine('a, b,c'), ['a', 'b', 'c']);
});

test('names fields', () => {
  assert.deepEqual(parse('x,y\n1,2'), [{ x: '1', y: '2' }]);
});

test('reads quotes', () => {
  assert.deepEqual(parseLine('"a,b",c'), ['a,b', 'c']);
});

test('keeps empty fields', () => {
  assert.deepEqual(parseLine('a,,c'), ['a', '', 'c']);
});
