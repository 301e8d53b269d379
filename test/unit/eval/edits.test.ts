import assert from 'node:assert/strict';
import { evalEdits, showEdits } from '../../eval/edits.ts';
import { UnreadableFile } from '../../eval/report.ts';

const common = { source: 'this test', path: 'x', license: 'none', format: 'search_replace' };
const replace = (id: string, tier: string, before: string, edit: object, after?: string) => ({
  ...common,
  id,
  tier,
  style: 'tool_args',
  file_name: 'a',
  file_before: before,
  edit,
  ...(after !== undefined && { file_after: after }),
});
const run = (...rows: readonly unknown[]) => evalEdits(JSON.stringify(rows));

describe('the harness of edits', () => {
  it('counts what came out, in all and in groups', async () => {
    const report = await run(
      replace('exact', 'exact', 'x\ny\n', { old_string: 'x', new_string: 'z' }, 'z\ny\n'),
      replace('all', 'exact', 'x x\n', { old_string: 'x', new_string: 'z', replace_all: true }, 'z z\n'),
      replace('twice', 'error', 'x\nx\n', { old_string: 'x', new_string: 'z' }),
      replace('not refused', 'error', 'x\n', { old_string: 'x', new_string: 'z' }),
      replace('other', 'exact', 'x\n', { old_string: 'x', new_string: 'z' }, 'y\n'),
      replace('indented', 'fuzzy', '\tx\n', { old_string: '    x', new_string: '    y' }, '    y\n'),
      {
        ...common,
        id: 'patch',
        format: 'apply_patch',
        style: 'V4A',
        tier: 'apply',
        files_before: { a: 'x\n', 'folder/': null },
        edit: '*** Begin Patch\n*** Update File: a\n-x\n+y\n*** Add File: b\n+z\n*** End Patch',
        files_after: { a: 'y\n', b: 'z\n' },
      },
      {
        ...common,
        id: 'blocks',
        style: 'roo-blocks',
        tier: 'blocks',
        file_name: 'a',
        file_before: 'x',
        edit: '<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE',
        file_after: 'y',
      },
    );
    assert.deepEqual([report.rows, report.right, report.refused, report.wrong, report.malformed], [8, 4, 1, 3, 0]);
    assert.deepEqual(report.byTier.error, { rows: 2, right: 0, refused: 1, wrong: 1 });
    assert.deepEqual(report.byFormat.apply_patch, { rows: 1, right: 1, refused: 0, wrong: 0 });
    assert.deepEqual(
      report.wrongRows.map(({ id, explained }) => [id, explained !== undefined]),
      [
        ['not refused', false],
        ['other', false],
        ['indented', true],
      ],
    );
    assert.equal(report.unexplained, 2);
    assert.match(showEdits(report), /wrong {2}indented\n {4}Lines that come in get the indentation/);
  });

  it('counts rows it can not read, and throws only when there is no list', async () => {
    const good = replace('good', 'exact', 'x', { old_string: 'x', new_string: 'y' }, 'y');
    const report = await run(
      good,
      7,
      { id: 'no edit' },
      { ...good, edit: 7 },
      { ...good, file_after: undefined },
      { ...good, file_name: undefined },
    );
    assert.deepEqual([report.rows, report.right, report.malformed], [6, 1, 5]);
    assert.deepEqual(report.malformedRows, ['row 2', 'no edit', 'good', 'good', 'good']);
    await assert.rejects(evalEdits('{'), UnreadableFile);
    await assert.rejects(evalEdits('{}'), UnreadableFile);
  });
});
