import assert from 'node:assert/strict';
import { applyEdits, type Edit } from '../../../src/core/agent/tools/editMatch.ts';

const edit = (oldText: string, newText: string): Edit => ({ oldText, newText });

function edited(text: string, ...edits: Edit[]): string {
  const result = applyEdits(text, edits);
  return result.ok ? result.text : assert.fail(result.message);
}

function refused(text: string, ...edits: Edit[]) {
  const result = applyEdits(text, edits);
  return result.ok ? assert.fail(`Edited to ${JSON.stringify(result.text)}`) : result;
}

describe('An edit', () => {
  it('replaces text that is there exactly once', () => {
    assert.equal(edited('a = 1;\nb = 2;\n', edit('b = 2', 'b = 3')), 'a = 1;\nb = 3;\n');
    assert.equal(edited('one two', edit(' two', '')), 'one');
    assert.equal(edited('$x', edit('$x', "$& $1 $'")), "$& $1 $'");
  });

  it('is refused when the text is there several times, overlapping ones included', () => {
    const result = refused('x\ny\nx\n', edit('x', 'z'));
    assert.equal(result.detail, '2 matches');
    assert.match(result.message, /2 times, beginning at lines 1, 3\. Take in more/);
    assert.equal(refused('aaa', edit('aa', 'b')).detail, '2 matches');
    assert.match(refused('x\n'.repeat(30), edit('x', 'z')).message, /30 times.* 10, …\./);
  });

  it('is refused when it is empty, or changes nothing', () => {
    assert.equal(refused('a', edit('', 'b')).detail, 'empty oldText');
    assert.equal(refused('a', edit('a', 'a')).detail, 'no change');
    assert.equal(refused('a\r\nb\r\n', edit('a\nb', 'a\nb')).detail, 'no change');
  });

  it('shows the nearest text when there is no match', () => {
    const file = 'function add(a, b) {\n    return a + b;\n}\n\nfunction sub(a, b) {\n    return a - b;\n}\n';
    const result = refused(file, edit('function sub(a, b) {\n  return a - b;\n}', 'x'));
    assert.equal(result.detail, 'no match');
    assert.match(
      result.message,
      /\(0 matches\)\. The nearest text is at lines 5–7:\nfunction sub\(a, b\) {\n {4}return a - b;\n}$/,
    );
    assert.match(refused(file, edit('return a - c;', 'x')).message, /nearest text is at lines \d–\d:/);
    assert.match(refused(file, edit('nothing like it', 'x')).message, /Nothing in the file is like it/);
    assert.match(refused('', edit('x', 'y')).message, /Nothing in the file/);
  });

  it('never takes other indentation for a match', () => {
    assert.equal(refused('  a\n    b\n', edit('a\n  b', 'x')).detail, 'no match');
  });

  it('keeps Windows line ends', () => {
    assert.equal(edited('a\r\nb\r\nc\r\n', edit('a\nb\n', 'a\nx\ny\n')), 'a\r\nx\r\ny\r\nc\r\n');
    assert.equal(edited('a\r\nb\r\n', edit('b', 'x\ny')), 'a\r\nx\r\ny\r\n');
    assert.equal(edited('a\r\nb\r\n', edit('\nb', '\nx')), 'a\r\nx\r\n');
    assert.equal(edited('a  \r\nb\r\n', edit('a\nb', 'x\ny')), 'x\r\ny\r\n');
    assert.equal(edited('a\r\nb', edit('b', 'x\ny')), 'a\r\nx\r\ny');
  });

  it('keeps plain line ends when the model writes Windows ones', () => {
    assert.equal(edited('a\nb\nc\n', edit('a\r\nb\r\n', 'x\r\ny\r\n')), 'x\ny\nc\n');
  });

  it('uses the line end of the place in a file with both', () => {
    assert.equal(edited('a\r\nb\nc\n', edit('a', 'x\ny')), 'x\r\ny\r\nb\nc\n');
    assert.equal(edited('a\r\nb\nc\n', edit('b', 'x\ny')), 'a\r\nx\ny\nc\n');
  });

  it('tolerates whitespace at the ends of lines, in the file and in the edit', () => {
    assert.equal(edited('a  \nb\t\nc\n', edit('a\nb\nc', 'x')), 'x\n');
    assert.equal(edited('a\nb\nc\n', edit('a \nb  \n', 'x\n')), 'x\nc\n');
    assert.equal(edited('a\nbc\n', edit('a  \nbc  ', 'x')), 'x\n');
    assert.equal(refused('foo bar\n', edit('foo  ', 'x')).detail, 'no match');
  });

  it('does not guess between two tolerant matches', () => {
    assert.equal(refused('a \nb\na\t\nb\n', edit('a\nb', 'x')).detail, '2 matches');
  });

  it('prefers the exact match to tolerant ones', () => {
    assert.equal(edited('a \nb\na\nb\n', edit('a\nb', 'x')), 'a \nb\nx\n');
  });

  it('keeps the end of the file as it was', () => {
    assert.equal(edited('a\nb\n', edit('b\n', 'c')), 'a\nc\n');
    assert.equal(edited('a\nb', edit('b\n', 'c\n')), 'a\nc');
    assert.equal(edited('a\r\nb\r\n', edit('b\r\n', 'c')), 'a\r\nc\r\n');
    assert.equal(edited('a\n', edit('a\n', '')), '');
  });

  it('finds text with characters of several code units', () => {
    assert.equal(edited('a 😀  \nb é\n', edit('a 😀\nb é', '😀')), '😀\n');
  });
});

describe('Edits of one call', () => {
  it('are made one after another', () => {
    assert.equal(edited('a b', edit('a', 'c'), edit('c b', 'd')), 'd');
  });

  it('are all made or none', () => {
    const result = refused('a b', edit('a', 'c'), edit('x', 'y'));
    assert.match(result.message, /^Edit 2 of 2 can't be made, so none was\. oldText is not in the file/);
  });

  it('change a random file exactly where they should, whatever its line ends', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    for (let round = 0; round < 500; round++) {
      const lineEnd = random(2) === 0 ? '\n' : '\r\n';
      const lines = Array.from({ length: 3 + random(12) }, (_, n) => `line ${n} ${'x'.repeat(random(4))}`);
      const trailing = lines.map((line) => line + ' '.repeat(random(3) === 0 ? 2 : 0));
      const file = trailing.join(lineEnd) + (random(2) === 0 ? lineEnd : '');
      const start = random(lines.length);
      const count = 1 + random(Math.min(4, lines.length - start));
      const replacement = Array.from({ length: 1 + random(3) }, (_, n) => `new ${n}`);
      const oldText = `${lines.slice(start, start + count).join('\n')}`;
      const result = edited(file, edit(oldText, replacement.join('\n')));
      const got = result.split(lineEnd).map((line) => line.trimEnd());
      const expected = [...lines.slice(0, start), ...replacement, ...lines.slice(start + count)].map((l) =>
        l.trimEnd(),
      );
      assert.deepEqual(result.endsWith(lineEnd) ? got.slice(0, -1) : got, expected, JSON.stringify({ file, oldText }));
      assert.equal(result.endsWith(lineEnd), file.endsWith(lineEnd));
      assert.equal(/(?<!\r)\n/.test(result), lineEnd === '\n');
      assert.ok(!result.includes('\r\r'));
    }
  });
});
