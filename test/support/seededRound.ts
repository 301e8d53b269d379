import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelProfile, RoundId } from '../../src/core/domain.ts';
import type { ModelEvent } from '../../src/core/providers/provider.ts';
import { call, type Script, TestEngine, testSettings } from './testEngine.ts';

/** What a candidate does to the base: tool calls of a model, by the tool's name. */
export type Act =
  | readonly ['write_file', { readonly path: string; readonly content: string }]
  | readonly ['delete_file', { readonly path: string }]
  | readonly ['move_file', { readonly from: string; readonly to: string }];

export interface Seed {
  readonly instruction: string;
  readonly base: ReadonlyMap<string, string | Uint8Array>;
  /** By the model's label. */
  readonly candidates: ReadonlyMap<string, readonly Act[]>;
}

/** A folder with one task whose runs ended, in the storage of a window that isn't open yet. */
export interface SeededRound extends AsyncDisposable {
  readonly folder: string;
  readonly roundId: RoundId;
}

/** Lets the engine itself run one round on scripted models. `storage` is the extension's global storage. */
export async function seedRound(seed: Seed, storage: string): Promise<SeededRound> {
  const models = [...seed.candidates];
  const scripts = Object.fromEntries(models.map(([label, acts]) => [label, acting(acts)]));
  const limits = { ...testSettings.limits, maxSeconds: 600 };
  const settings = () => ({ ...testSettings, maxParallelRuns: 2, limits });
  const test = new TestEngine(scripts, { storageDirectory: storage, settings });
  for (const [path, content] of seed.base) {
    test.write(path, '');
    writeFileSync(join(test.folder, path), content);
  }
  const profiles = models.map(
    ([label]): ModelProfile => ({
      id: label as ModelProfile['id'],
      provider: 'openai',
      model: label,
      label,
      options: {},
    }),
  );
  const { roundId } = test.start(seed.instruction, [], { profiles });
  await test.ended(roundId, 600_000);
  const failed = test.runs(roundId).find((run) => run.state.status !== 'succeeded');
  await test.engine.dispose();
  if (failed) throw new Error(`A run did not succeed: ${JSON.stringify(failed.state)}\n${test.log.join('\n')}`);
  const remove = async () => rmSync(test.root, { recursive: true, force: true });
  return { folder: test.folder, roundId, [Symbol.asyncDispose]: remove };
}

/** A model that makes all of its calls at once. */
function acting(acts: readonly Act[]): Script {
  return function* (request): Iterable<ModelEvent> {
    if (request.turns.some((turn) => turn.role === 'tool')) yield call('finish', { summary: 'Done as asked.' });
    else for (const [tool, args] of acts) yield call(tool, args);
  };
}
