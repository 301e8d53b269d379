import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slugify, uniqueSlug } from '../src/index.js';

test('counts on', () => {
  assert.equal(uniqueSlug('a', ['a', 'a-2', 'a-3']), 'a-4');
  assert.equal(uniqueSlug('a', ['a', 'a-3']), 'a-2');
});

test('no hyphen at the end', () => {
  assert.equal(slugify('What?'), 'what');
  assert.equal(uniqueSlug('What?', ['what']), 'what-2');
});
