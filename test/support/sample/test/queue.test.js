import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UploadQueue } from '../src/queue.ts';

const file = { name: 'a.txt', bytes: new Uint8Array([1]) };

test('reports each file until it is done', async () => {
  const queue = new UploadQueue({ send: async () => {} });
  const seen = [];
  queue.onStatus((name, status) => seen.push(`${name} ${status}`));
  queue.add(file);
  await queue.drain();
  assert.deepEqual(seen, ['a.txt waiting', 'a.txt uploading', 'a.txt done']);
});

test('goes on with the next file after a failure', async () => {
  const queue = new UploadQueue({ send: async (sent) => assert.notEqual(sent.name, 'a.txt') });
  const seen = [];
  queue.onStatus((name, status) => seen.push(`${name} ${status}`));
  queue.add(file);
  queue.add({ ...file, name: 'b.txt' });
  await queue.drain();
  assert.deepEqual(seen.slice(2), ['a.txt uploading', 'a.txt failed', 'b.txt uploading', 'b.txt done']);
});
