import assert from 'node:assert/strict';
import type { CandidateId, RoundId } from '../../src/core/domain.ts';
import { call, type Script, TestEngine, writer } from './testEngine.ts';

/** A model that replaces `two` in text.txt, writes a file of its own, and removes another. */
const editor = (by: string): Script =>
  function* (request) {
    if (request.turns.some((turn) => turn.role === 'tool')) yield call('finish', { summary: 'Done.' });
    else {
      yield call('edit_file', { path: 'text.txt', edits: [{ oldText: 'two', newText: by }] });
      yield call('write_file', { path: 'made/new.txt', content: `${by}\n` });
      yield call('delete_file', { path: 'gone.txt' });
    }
  };

/** A round that has ended, with its two runs. */
export interface EndedRound {
  readonly roundId: RoundId;
  readonly ids: readonly [CandidateId, CandidateId];
}

/** An engine with models `a` and `b`, which change the same three files, and `c`, which writes one of its own. */
export function newEngine(): TestEngine {
  const test = new TestEngine({ a: editor('2'), b: editor('II'), c: writer('alone.txt', 'x\n') });
  test.write('text.txt', 'one\ntwo\nthree\nfour\nfive\nsix\nseven\n');
  test.write('gone.txt', 'gone\n');
  return test;
}

/** Runs `a` and `b`. */
export async function runBoth(test: TestEngine): Promise<EndedRound> {
  const roundId = await test.round('Go', ['a', 'b']);
  const [a, b] = test.runs(roundId);
  assert.ok(a?.state.status === 'succeeded' && b?.state.status === 'succeeded', JSON.stringify(test.log));
  return { roundId, ids: [a.id, b.id] };
}
