import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slugify, uniqueSlug } from '../src/index.js';

test('makes words', () => {
  assert.equal(slugify(' Hello  World '), 'hello-world');
});

test('counts', () => {
  assert.equal(uniqueSlug('a b', ['a-b']), 'a-b-2');
});

test('leaves free ones alone', () => {
  assert.equal(uniqueSlug('New', ['old']), 'new');
});
