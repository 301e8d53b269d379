import assert from 'node:assert/strict';
import { applyEdits, type Edit } from '../../../src/core/agent/edits/applyEdits.ts';

const edit = (oldText: string, newText: string): Edit => ({ kind: 'text', oldText, newText });

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
    const result = refused(file, edit('function sub(a, b) {\n  return a % b % 2;\n}', 'x'));
    assert.equal(result.detail, 'no match');
    assert.match(
      result.message,
      /\(0 matches\)\. The nearest text is at lines 5–7:\nfunction sub\(a, b\) {\n {4}return a - b;\n}$/,
    );
    assert.match(refused(file, edit('return a - c;', 'x')).message, /nearest text is at lines \d–\d:/);
    assert.match(refused(file, edit('nothing like it', 'x')).message, /Nothing in the file is like it/);
    assert.match(refused('', edit('x', 'y')).message, /Nothing in the file/);
  });

  it('gives new lines the indentation of the place when all lines are indented otherwise', () => {
    assert.equal(edited('  a\n    b\n', edit('a\n  b', 'a\n  b\n    c')), '  a\n    b\n      c\n');
    assert.equal(edited('    a\n', edit('      a', '      b')), '    b\n');
    assert.equal(
      edited('\tif x:\n\t\ty\n', edit('if x:\n    y', 'if x:\n    z\n        w')),
      '\tif x:\n\t\tz\n\t\t\tw\n',
    );
    assert.equal(edited('f {\n\tconst x = 1;\n}\n', edit('  const x = 1;', '  a\n  b')), 'f {\n\ta\n\tb\n}\n');
  });

  it('prefers the place where all lines are indented by the same amount', () => {
    const file = 'if a:\n  x\n  y\nif b:\n    x\n  y\n';
    assert.equal(edited(file, edit('x\ny', 'z')), 'if a:\n  z\nif b:\n    x\n  y\n');
  });

  it('prefers no place for how lines of one indentation are indented there', () => {
    const file = 'x\nif a:\n  x\n';
    assert.equal(refused(file, edit('\tx', '\ty')).detail, '2 matches');
    assert.equal(edited('if a:\n  x\n', edit('\tx', '\ty')), 'if a:\n  y\n');
  });

  it('makes no more empty lines in front of text that is spaced otherwise', () => {
    const file = 'a\n\n\nconst total = 1;\nb\n';
    assert.equal(edited(file, edit('\n\nconst total=1;\n', '\n\nconst total=2;\n')), 'a\n\n\nconst total=2;\nb\n');
  });

  it('tolerates space between words, then any space, in whole lines', () => {
    assert.equal(edited('const   x    =     5;\n', edit('const x = 5;', 'const x = 6;')), 'const x = 6;\n');
    assert.equal(
      edited('a\nfunction f() {\n  return 1;\n}\nb\n', edit('function f(){return 1;}', 'function f(){return 2;}')),
      'a\nfunction f(){return 2;}\nb\n',
    );
    assert.equal(refused('xreturn 1;\n', edit('return1;', 'y')).detail, 'no match');
  });

  it('tolerates typographic characters', () => {
    assert.equal(edited('say(“it’s” – x)\n', edit('say("it\'s" - x)', 'y')), 'y\n');
    assert.equal(edited('one “two” three\n', edit('"two"', '"2"')), 'one "2" three\n');
  });

  it('takes one level of escapes off, the same ones on both sides', () => {
    assert.equal(edited('say("a")\nend\n', edit('say(\\"a\\")\\nend', 'say(\\"b\\")\\nend')), 'say("b")\nend\n');
    assert.equal(edited('a < b && c\n', edit('a &lt; b &amp;&amp; c', 'a &gt; b &amp;&amp; c')), 'a > b && c\n');
    assert.equal(edited("p = 'C:\\x';\n", edit("p = 'C:\\\\x';", "p = 'C:\\temp';")), "p = 'C:\\temp';\n");
    assert.equal(edited('one\ntwo\n', edit('1\tone\n2\ttwo', '1\tone\n2\tthree')), 'one\nthree\n');
  });

  it('takes similar lines when most are the same, and single ones never', () => {
    const file = 'function total(items) {\n  let total = 0;\n  total += items.price;\n}\n';
    const near = 'function total(items) {\n  let total = 0;\n  total += items.pric;\n}';
    assert.equal(edited(file, edit(near, 'function total() {}')), 'function total() {}\n');
    assert.equal(refused('const alpha = 1;\n', edit('const alphb = 1;', 'x')).detail, 'no match');
    assert.equal(refused(`${file}\n${file}`, edit(near, 'x')).detail, '2 matches');
    assert.equal(
      refused('a1\nb1\nc1\nd1\ne1\n', edit('a1\nb1\nc1\nx1\ne1', 'a1\nb1\nc1\nnew\nx1\ne1')).detail,
      'no match',
    );
  });

  it('lets a comment stand for a few lines that are left out, and keeps them where it stays', () => {
    const file = 'function f() {\n  one();\n  two();\n  end();\n}\n';
    const old = 'function f() {\n  // ... the same\n  end();\n}';
    assert.equal(edited(file, edit(old, 'function f() {\n  end();\n}')), 'function f() {\n  end();\n}\n');
    const kept = 'function f() {\n  // ... the same\n  end(1);\n}';
    assert.equal(edited(file, edit(old, kept)), 'function f() {\n  one();\n  two();\n  end(1);\n}\n');
    const long = `a\n${'x\n'.repeat(20)}b\n`;
    assert.equal(refused(long, edit('a\n// ...\nb', 'c')).detail, 'no match');
  });

  it('leaves lines it does not change as they are, however they were written', () => {
    assert.equal(edited('a  \nb\t\nc\n', edit('a\nb\nc', 'a\nb\nd')), 'a  \nb\t\nd\n');
    assert.equal(edited('    a\n    b\n', edit('a\nb', 'a\nc')), '    a\n    c\n');
  });

  it('does not take Windows line ends for others in a file with both', () => {
    assert.equal(refused('a\r\nb\nc\n', edit('b\r\nc\r\n', 'x')).detail, 'no match');
    assert.equal(edited('a\r\nb\r\nc\n', edit('a\r\nb\r\n', 'x\r\n')), 'x\r\nc\n');
  });

  it('is made wherever the text is when that is asked for', () => {
    const everywhere = (oldText: string, newText: string): Edit => ({
      kind: 'text',
      oldText,
      newText,
      replaceAll: true,
    });
    assert.equal(edited('x\ny\nx\n', everywhere('x', 'z')), 'z\ny\nz\n');
    assert.equal(edited('aaaa', everywhere('aa', 'b')), 'bb');
    assert.equal(edited('  x\n\ty\n    x\n\ty\n', everywhere('x\ny', 'z')), '  z\n    z\n');
    assert.equal(refused('x\n', everywhere('y', 'z')).detail, 'no match');
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
