import assert from 'node:assert/strict';
import type { FileChange, ObjectName } from '../../../src/core/domain.ts';
import { secretsAdded, secretsAddedSince } from '../../../src/core/engine/patchSecrets.ts';
import { noise } from '../secrets/fakeSecrets.ts';

const token = `ghp_${noise(36)}`;
const contents = new Map([
  ['plain', 'nothing\n'],
  ['secret', `one\n${token}\n`],
  ['moved', `one\ntwo\n${token}\n`],
]);

function added(path: string, blob: string): FileChange {
  return { kind: 'added', after: { path, mode: '100644', blob: blob as ObjectName } };
}

describe('the secrets of a patch that follows an earlier one', () => {
  const read: string[] = [];
  const readBlob = async (blob: ObjectName) => {
    read.push(blob);
    return Buffer.from(contents.get(blob) ?? '');
  };

  it('are those of the whole patch, and only what differs is read', async () => {
    const earlier = [added('a', 'secret'), added('b', 'secret'), added('c', 'secret')];
    const secretsInPatch = await secretsAdded(earlier, readBlob);
    assert.equal(secretsInPatch.length, 3);
    const changes = [added('a', 'secret'), added('b', 'moved'), added('d', 'plain'), added('e', 'secret')];
    read.splice(0);
    const found = await secretsAddedSince({ changes: earlier, secretsInPatch }, changes, readBlob);
    assert.deepEqual(read, ['moved', 'plain', 'secret']);
    assert.deepEqual(found, await secretsAdded(changes, readBlob));
    assert.deepEqual(
      found.map(({ path, line }) => `${path}:${line}`),
      ['a:2', 'b:3', 'e:2'],
    );
  });
});
