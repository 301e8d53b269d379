import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { connect, type Port, serve } from '../../../src/protocol/rpc.ts';

interface Host {
  double(argument: { value: number }): number;
  fail(): void;
  wait(): Promise<string>;
}
interface Notifications {
  show(argument: { text: string }): void;
  focus(): void;
}

describe('rpc requests', () => {
  it('are answered', async () => {
    const { host } = pair();
    assert.equal(await host.double({ value: 21 }), 42);
  });

  it('are rejected with what the handler threw', async () => {
    const { host } = pair();
    await assert.rejects(host.fail(), /told: it broke/);
  });

  it('are rejected when the method is not served, also for one that every object has', async () => {
    const { host } = pair();
    const other = host as unknown as { toString(): Promise<unknown> };
    await assert.rejects(other.toString(), /no method toString/);
  });

  it('survive messages of other kinds', async () => {
    const { host, wire } = pair();
    for (const junk of [
      undefined,
      null,
      7,
      'x',
      {},
      { kind: 'result' },
      { kind: 'call' },
      { kind: 'result', id: 99 },
    ]) {
      wire.toHost(junk);
      wire.toWebview(junk);
    }
    assert.equal(await host.double({ value: 1 }), 2);
  });

  it('are not answered any more after the host closed its end', async () => {
    const { host, end, wire, finishWaiting } = pair();
    void host.wait();
    await nextTurn();
    end.close();
    finishWaiting();
    await nextTurn();
    assert.deepEqual(wire.sentToWebview, []);
  });
});

describe('rpc notifications', () => {
  it('reach the webview in order', async () => {
    const { end, heard } = pair();
    end.notify.show({ text: 'one' });
    end.notify.focus();
    end.notify.show({ text: 'two' });
    await nextTurn();
    assert.deepEqual(heard, ['one', 'focus', 'two']);
  });

  it('have no id and get no answer', async () => {
    const { end, wire } = pair();
    assert.equal(end.notify.show({ text: 'one' }), undefined);
    await nextTurn();
    assert.deepEqual(wire.sentToWebview, [{ kind: 'notification', method: 'show', argument: { text: 'one' } }]);
    assert.deepEqual(wire.sentToHost, []);
  });

  it('are dropped when the webview has no such method, also for one that every object has', async () => {
    const { host, wire, heard } = pair();
    for (const method of ['toString', 'unknown', undefined]) wire.toWebview({ kind: 'notification', method });
    assert.deepEqual(heard, []);
    assert.equal(await host.double({ value: 1 }), 2);
  });

  it('are not sent any more after the host closed its end', () => {
    const { end, wire } = pair();
    end.close();
    end.notify.show({ text: 'late' });
    assert.deepEqual(wire.sentToWebview, []);
  });
});

function pair() {
  const webview = channel();
  const host = channel();
  const heard: string[] = [];
  const waiting = Promise.withResolvers<string>();
  const end = serve<Host, Notifications>(
    { post: webview.post, listen: host.listen },
    {
      double: ({ value }) => value * 2,
      fail: () => {
        throw new Error('it broke');
      },
      wait: () => waiting.promise,
    },
    (error) => `told: ${(error as Error).message}`,
  );
  const remote = connect<Host, Notifications>(
    { post: host.post, listen: webview.listen },
    { show: ({ text }) => void heard.push(text), focus: () => void heard.push('focus') },
  );
  const wire = {
    toHost: host.deliver,
    toWebview: webview.deliver,
    sentToHost: host.sent,
    sentToWebview: webview.sent,
  };
  return { host: remote, end, heard, wire, finishWaiting: () => waiting.resolve('done') };
}

/** One direction of a port: messages arrive in a later turn, as structured clones. */
function channel() {
  const listeners = new Set<(message: unknown) => void>();
  const sent: unknown[] = [];
  const deliver = (message: unknown) => {
    for (const listener of listeners) listener(message);
  };
  return {
    sent,
    deliver,
    post: (message: unknown) => {
      sent.push(message);
      setImmediate(deliver, structuredClone(message));
    },
    listen: ((listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    }) satisfies Port['listen'],
  };
}
