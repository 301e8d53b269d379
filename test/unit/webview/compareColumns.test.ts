import assert from 'node:assert/strict';
import type { CandidateId, Run } from '../../../src/core/domain.ts';
import type { Column, CompareState } from '../../../src/protocol/comparePanel.ts';
import { leadOf, shownColumns, stageColumns } from '../../../webview-ui/compare/shownColumns.ts';
import { type SortOrder, sortColumns } from '../../../webview-ui/compare/sortColumns.ts';

interface Sample {
  readonly status?: Run['state']['status'];
  readonly lines?: number;
  readonly seconds?: number;
  readonly dollars?: number | 'local';
  readonly part?: object;
}

const id = (name: string) => name as CandidateId;
function run(name: string, { status = 'succeeded', lines = 1, seconds = 1, dollars, part }: Sample = {}): Column {
  return {
    type: 'run',
    id: name,
    label: name,
    isChosen: false,
    size: { files: lines > 0 ? 1 : 0, added: lines, removed: 0 },
    ...(dollars !== undefined && { cost: dollars === 'local' ? 'local' : { dollars } }),
    run: { state: { status, startedAt: 0, endedAt: seconds * 1000 } },
    ...part,
  } as unknown as Column;
}
const composition = (name: string, isOpen: boolean, files = 1) =>
  ({
    type: 'composition',
    id: name,
    label: name,
    isOpen,
    isChosen: false,
    size: { files, added: files, removed: 0 },
  }) as unknown as Column;

const names = (columns: readonly Column[]) => columns.map((column) => column.id).join(' ');
const shown = (columns: readonly Column[], hidden: readonly string[] = [], sort: SortOrder = 'order') =>
  shownColumns({ columns } as CompareState, { hidden: hidden.map(id), sort });

describe('the columns of the compare panel', () => {
  const columns = [
    run('a', { lines: 9, seconds: 30, dollars: 2 }),
    run('b', { lines: 3, seconds: 90, dollars: 'local' }),
    run('c', { lines: 5, seconds: 60 }),
    run('d', { lines: 1, status: 'running' }),
    composition('mix', true),
  ];

  it('are sorted by what is asked for, with compositions at the end', () => {
    assert.equal(names(sortColumns(columns, 'order')), 'a b c d mix');
    assert.equal(names(sortColumns(columns, 'size')), 'b c a d mix');
    assert.equal(names(sortColumns(columns, 'time')), 'a c b d mix');
    assert.equal(names(sortColumns(columns, 'cost')), 'b a c d mix');
  });

  it('are sorted by their place, tied ones in the round’s order and those without one last', () => {
    const placed = (name: string, place?: number) => run(name, { part: { evidence: place ? { place } : {} } });
    const ranked = [placed('x'), placed('c', 2), placed('b', 2), placed('a', 1), run('r', { status: 'running' })];
    assert.equal(names(sortColumns(ranked, 'recommended')), 'a c b x r');
  });

  it('are sorted by status with what can be used first', () => {
    const mixed = [
      run('q', { status: 'queued' }),
      run('r', { status: 'running' }),
      run('f', { status: 'failed' }),
      run('s'),
    ];
    assert.equal(names(sortColumns(mixed, 'status')), 's f r q');
  });

  it('leave out what is hidden, and still know the composition that takes choices', () => {
    const { visible, hidden, composition: open } = shown(columns, ['a', 'mix']);
    assert.equal(names(visible), 'b c d');
    assert.equal(names(hidden), 'a mix');
    assert.equal(open?.id, 'mix');
    assert.equal(shown([run('a'), composition('old', false)]).composition, undefined);
  });

  it('suggest one pull request: of the chosen one, else the recommended one, else of the first that is done', () => {
    const failed = run('f', { status: 'failed' });
    assert.equal(shown([failed, run('a'), run('b')]).primary, 'a');
    assert.equal(shown([run('a'), run('b', { part: { isChosen: true } })]).primary, 'b');
    const recommended = run('r', { part: { evidence: { isRecommended: true } } });
    assert.equal(shown([run('a'), recommended]).primary, 'r');
    assert.equal(shown([run('a', { part: { isChosen: true } }), recommended]).primary, 'a');
    const ranked = run('p', { part: { evidence: { reason: 'breaks “test”' } } });
    assert.equal(
      shown([run('a'), ranked]).primary,
      undefined,
      'nobody is suggested that the evidence does not recommend',
    );
    assert.equal(shown([run('a', { lines: 0 }), failed]).primary, undefined);
  });

  it('suggest none beside a composition or after a pull request', () => {
    assert.equal(shown([run('a'), composition('mix', true)]).primary, undefined);
    assert.equal(shown([run('a'), composition('mix', true, 0)]).primary, 'a');
    assert.equal(shown([run('a'), run('b', { part: { pullRequest: { number: 1 } } })]).primary, undefined);
  });

  it('are led by the base, by a candidate that others are compared with, or by nothing', () => {
    const visible = [run('a'), run('b')];
    assert.equal(leadOf({ showsBase: true }, visible), 'base');
    assert.equal(leadOf({ showsBase: false }, visible), undefined);
    assert.equal(leadOf({ showsBase: false, lead: id('b') }, visible), 'b');
    assert.equal(leadOf({ showsBase: true, lead: id('hidden') }, visible), 'base');
    assert.equal(leadOf({ showsBase: true, lead: id('a') }, [run('a')]), 'base', 'nobody is left to compare with');
  });

  it('have the open composition among them in the aligned view only when asked for, or when it is all there is', () => {
    const open = { fileId: 'f', showsComposition: false };
    assert.equal(names(stageColumns(shown(columns), open, 'base')), 'a b c d');
    assert.equal(names(stageColumns(shown(columns), { ...open, showsComposition: true }, id('a'))), 'b c d mix');
    assert.equal(names(stageColumns(shown(columns), { showsComposition: false }, undefined)), 'a b c d mix');
    assert.equal(names(stageColumns(shown(columns, ['a', 'b', 'c', 'd']), open, 'base')), 'mix');
    assert.equal(names(stageColumns(shown([run('a'), composition('old', false)]), open, 'base')), 'a old');
  });
});
