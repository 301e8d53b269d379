import assert from 'node:assert/strict';
import type { ObjectName } from '../../../src/core/domain.ts';
import { GitConversation, readLine } from '../../../src/core/workspace/gitConversation.ts';
import { ObjectReader } from '../../../src/core/workspace/objectReader.ts';
import { Sandbox } from './sandbox.ts';

describe('object reader', () => {
  let box: Sandbox;
  beforeEach(() => {
    box = new Sandbox();
    box.git('init', '-q');
  });
  afterEach(() => box.dispose());

  const started: GitConversation[] = [];
  const running = () => started.filter((conversation) => conversation.isOpen).length;
  const start = (...args: readonly string[]) =>
    new ObjectReader(async () => {
      const conversation = new GitConversation(box.folder, [...args, 'cat-file', '--batch-command'], {});
      started.push(conversation);
      return conversation;
    });
  const store = (content: string) => {
    box.write({ file: content });
    return box.git('hash-object', '-w', '--no-filters', 'file') as ObjectName;
  };
  const missing = '1'.repeat(40) as ObjectName;

  it('reads contents of any length and says what is missing, asked all at once', async () => {
    const reader = start();
    const contents = ['', 'a\n', '\n'.repeat(3), 'x'.repeat(3_000_000), 'last'];
    const names = contents.map(store);
    const read = await Promise.all([...names, missing].map((name) => reader.read(name)));
    assert.deepEqual(
      read.map((object) => object && Buffer.from(object.bytes).toString()),
      [...contents, undefined],
    );
    assert.deepEqual(await reader.info(names[3] as ObjectName), { type: 'blob', size: 3_000_000 });
    assert.equal(await reader.info(missing), undefined);
    await reader.close();
  });

  it('sees objects that are made after it began, and starts again after it was closed', async () => {
    const reader = start();
    const first = store('first');
    assert.equal((await reader.info(first))?.size, 5);
    const second = store('second');
    assert.equal((await reader.info(second))?.size, 6);
    await reader.close();
    assert.equal((await reader.info(first))?.size, 5);
    await reader.close();
  });

  it('goes on when a question is given up, and its answer comes', async () => {
    const reader = start();
    const [long, short] = [store('x'.repeat(2_000_000)), store('short')];
    const controller = new AbortController();
    const given = reader.read(long, controller.signal);
    const kept = reader.read(short);
    controller.abort();
    await assert.rejects(given, { name: 'AbortError' });
    assert.equal((await kept)?.size, 5);
    await reader.close();
  });

  it('answers what was asked before it is renewed, and what is asked meanwhile', async () => {
    const reader = start();
    const [long, short] = [store('x'.repeat(5_000_000)), store('short')];
    const before = reader.read(long);
    await reader.info(short);
    const renewing = reader.renew();
    assert.equal((await reader.read(long))?.size, 5_000_000);
    assert.equal((await before)?.size, 5_000_000);
    await renewing;
    assert.equal(running(), 1);
    await reader.close();
    assert.equal(running(), 0);
  });

  it('tells everyone who waits when git ends, and starts it again for the next', async () => {
    let attempt = 0;
    const reader = new ObjectReader(async () => {
      // The first one does not know what it is asked.
      const args = attempt++ === 0 ? ['no-such-command'] : ['cat-file', '--batch-command'];
      return new GitConversation(box.folder, args, {});
    });
    const name = store('content');
    const asked = await Promise.allSettled([reader.info(name), reader.read(name)]);
    assert.deepEqual(
      asked.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.equal((await reader.info(name))?.size, 7);
    await reader.close();
  });

  it('has no more than four of them open at once, whoever asks', async () => {
    const name = store('content');
    const readers = Array.from({ length: 12 }, () => start());
    let most = 0;
    await Promise.all(
      readers.map(async (reader) => {
        for (let question = 0; question < 5; question++) {
          assert.equal((await reader.read(name))?.size, 7);
          most = Math.max(most, running());
        }
      }),
    );
    assert.ok(most <= 4, `${most} were open`);
    for (const reader of readers) await reader.close();
  });

  it('ends git when nobody has asked for a while', async function () {
    this.timeout(20_000);
    const reader = start();
    const name = store('content');
    await reader.read(name);
    assert.equal(running(), 1);
    const conversation = started.at(-1) as GitConversation;
    while (conversation.isOpen) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal((await reader.read(name))?.size, 7);
    await reader.close();
  });

  it('reads a line when all of it is there', () => {
    assert.deepEqual(readLine(Buffer.from('half')), { needed: 5 });
    assert.deepEqual(readLine(Buffer.from('one\ntwo')), { value: 'one', length: 4 });
  });
});
