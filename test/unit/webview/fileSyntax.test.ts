import assert from 'node:assert/strict';
import type { RegionView } from '../../../src/protocol/comparePanel.ts';
import { FileSyntax } from '../../../webview-ui/compare/syntax/fileSyntax.ts';
import { languageFor, loaderOf } from '../../../webview-ui/compare/syntax/languages.ts';
import type { Tokenizer } from '../../../webview-ui/compare/syntax/lineTokens.ts';

/** A language in which `(` opens and `)` closes; the style of a line is how deep it begins. */
class Depths implements Tokenizer<number> {
  count = 0;

  tokenize(line: string, state: number | null) {
    this.count += 1;
    const depth = state ?? 0;
    const change = line.replace(/[^(]/g, '').length - line.replace(/[^)]/g, '').length;
    return { tokens: new Uint32Array([0, depth]), state: depth + change };
  }
}

const region = (start: number, ...texts: readonly (readonly string[])[]): RegionView => ({
  id: `r${start}`,
  start,
  length: 1,
  alternatives: texts.map((lines) => ({ lines, columns: [] })),
});
const always = () => false;

describe('the syntax of a file', () => {
  it('begins versions of a region in the state that the base has there', () => {
    const syntax = new FileSyntax(new Depths(), ['(\n', 'old\n', ')\n', 'end\n']);
    const view = region(1, ['old\n'], ['((\n', 'new\n']);
    syntax.setRegions([view]);
    assert.equal(syntax.work(always), true);
    assert.deepEqual(
      [...Array(4).keys()].map((line) => syntax.base(line)?.[1]),
      [0, 1, 1, 0],
    );
    assert.deepEqual(
      [0, 1].map((line) => syntax.ofAlternative(view, 1, line)?.[1]),
      [1, 3],
    );
    assert.equal(syntax.ofAlternative(view, 0, 0)?.[1], 1);
  });

  it('works only as long as it may, and then goes on', () => {
    const syntax = new FileSyntax(
      new Depths(),
      Array.from({ length: 5 }, () => '(\n'),
    );
    assert.equal(
      syntax.work(() => true),
      false,
    );
    assert.deepEqual([syntax.base(0)?.[1], syntax.base(1)], [0, undefined]);
    while (!syntax.work(() => true));
    assert.equal(syntax.base(4)?.[1], 4);
  });

  it('keeps what it knows when regions are made anew', () => {
    const depths = new Depths();
    const syntax = new FileSyntax(depths, ['a\n', 'b\n']);
    syntax.setRegions([region(0, ['a\n'], ['x\n'])]);
    syntax.work(always);
    const before = depths.count;
    const again = region(0, ['a\n'], ['x\n'], ['y\n']);
    syntax.setRegions([again]);
    assert.ok(syntax.ofAlternative(again, 1, 0));
    syntax.work(always);
    assert.equal(depths.count, before + 1);
  });

  it('leaves very long lines plain', () => {
    const depths = new Depths();
    const syntax = new FileSyntax(depths, [`${'x'.repeat(5000)}\n`]);
    syntax.work(always);
    assert.equal(depths.count, 0);
    assert.equal(syntax.base(0)?.[1], 0);
  });
});

describe('the languages that are coloured', () => {
  it('are found by VS Code’s name, or else by the path', () => {
    assert.equal(languageFor('typescriptreact', 'a.txt'), 'tsx');
    assert.equal(languageFor(undefined, 'src/a.PY'), 'python');
    assert.equal(languageFor('plaintext', 'Dockerfile'), 'docker');
    assert.equal(languageFor('some-extension', 'notes.unknown'), undefined);
    assert.equal(languageFor('constructor', 'a'), undefined);
  });

  it('have a grammar each', async () => {
    for (const name of ['typescript', 'jsx', 'shellscript', 'docker', 'vue', 'objective-c', 'jsonc', 'make', 'proto']) {
      const loader = loaderOf(name);
      assert.ok(loader);
      assert.equal((await loader()).default.at(-1)?.name, name);
    }
  });
});
