import assert from 'node:assert/strict';
import { globMatcher } from '../../../src/core/workspace/globMatch.ts';

describe('a glob', () => {
  const rows: readonly [glob: string, fitting: readonly string[], others: readonly string[]][] = [
    ['*.ts', ['a.ts', '.ts', '.a.ts'], ['a.tsx', 'b/a.ts']],
    ['a*b*c', ['abc', 'axxbbxcc'], ['ab', 'abcd']],
    ['**/*.ts', ['a.ts', 'b/a.ts', 'b/.c/a.ts'], ['a.ts/b']],
    ['src/**', ['src/a', 'src/b/c'], ['src', 'a/src/b']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['a/xb', 'ab', 'a/b/c']],
    ['**/a/**/b/**', ['a/b/c', 'x/a/y/b/c/d', 'a/b/a/b/c'], ['b/a/c', 'a/b']],
    ['**', ['a', 'a/b'], []],
    ['?.md', ['a.md', '\u{1f600}.md'], ['.md', 'ab.md']],
    ['[a-c]x[!0-9]', ['axz', 'cx_'], ['dxz', 'ax1']],
    ['[]-]x', [']x', '-x'], ['ax']],
    ['[x', ['[x'], ['x']],
    ['a+(b){c,d}', ['a+(b){c,d}'], ['abc', 'ab']],
    ['\\*.\\a', ['*.a'], ['x.a', '\\x.a']],
  ];
  for (const [glob, fitting, others] of rows) {
    it(`means what it means to git: ${glob}`, () => {
      const matches = globMatcher(glob);
      for (const path of fitting) assert.ok(matches(path), path);
      for (const path of others) assert.ok(!matches(path), path);
    });
  }

  it('that is made to take for ever does not', () => {
    assert.ok(!globMatcher(`**/${'*a'.repeat(100)}b`)('a'.repeat(250)));
    assert.ok(!globMatcher(`${'**/a/'.repeat(100)}b`)('a/'.repeat(1000)));
  });
});
