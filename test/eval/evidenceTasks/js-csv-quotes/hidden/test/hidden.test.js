import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, parseLine } from '../src/index.js';

test('reads doubled quotes', () => {
  assert.deepEqual(parseLine('"say ""hi""",b'), ['say "hi"', 'b']);
});

test('keeps space in quotes', () => {
  assert.deepEqual(parseLine('" a ",b'), [' a ', 'b']);
});

test('has no row for an empty last line', () => {
  assert.deepEqual(parse('x\n1\n'), [{ x: '1' }]);
});

test('keeps an empty last field', () => {
  assert.deepEqual(parseLine('a,'), ['a', '']);
});
