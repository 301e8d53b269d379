import assert from 'node:assert/strict';
import type { FileChange, FileMode, ObjectName } from '../../../src/core/domain.ts';
import { changedFile } from '../../../src/core/evidence/marks/changedFile.ts';
import { doesNotApply, marksOf, marksOfFiles, sizeOf } from '../../../src/core/evidence/marks/patchMarks.ts';

const version = (path: string, mode: FileMode = '100644') => ({ path, mode, blob: `${path}-blob` as ObjectName });

function change(path: string, before: string | undefined, after: string | undefined): FileChange {
  const kind = before === undefined ? 'added' : after === undefined ? 'deleted' : 'modified';
  return {
    kind,
    ...(before !== undefined && { base: version(path) }),
    ...(after !== undefined && { after: version(path) }),
    lines: { added: 3, removed: 1 },
  };
}

/** The marks of a patch of these files, each with what it was and what it is. */
function marks(files: Readonly<Record<string, readonly [string | undefined, string | undefined]>>) {
  return marksOfFiles(
    Object.entries(files).map(([path, [before, after]]) => changedFile(change(path, before, after), before, after)),
  );
}

const kinds = (files: Parameters<typeof marks>[0]) => marks(files).map(({ kind }) => kind);

describe('marks of a patch', () => {
  it('reads files by their blobs, and leaves links and what is no text alone', async () => {
    const base = version('a.json');
    const changes: FileChange[] = [
      { kind: 'modified', base, after: { ...base, blob: 'new' as ObjectName } },
      { kind: 'added', after: version('link', '120000') },
      { kind: 'added', after: version('picture') },
    ];
    const read: string[] = [];
    const found = await marksOf(changes, async (blob) => {
      read.push(blob);
      return blob === 'picture-blob' ? Uint8Array.of(0, 1) : Buffer.from(blob === 'new' ? '{"a": }' : '{"a": 1}');
    });
    assert.deepEqual(
      found.map(({ kind, isGate, path, line }) => [kind, isGate, path, line]),
      [['does-not-parse', true, 'a.json', undefined]],
    );
    assert.deepEqual(read, ['a.json-blob', 'new', 'picture-blob']);
  });

  it('says in a sentence why a patch does not apply', () => {
    const mark = doesNotApply('error: patch failed: a.ts:3\nerror: a.ts: patch does not apply\n');
    assert.equal(mark.text, 'The patch does not apply: patch failed: a.ts:3.');
    assert.equal(mark.isGate, true);
  });

  it('leaves tests out of the size', () => {
    assert.equal(sizeOf([change('src/a.ts', '', ''), change('test/a.test.ts', undefined, '')]), 4);
  });

  it('finds conflict markers that are new', () => {
    const text = 'a\n<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs\n';
    assert.deepEqual(kinds({ 'a.txt': ['a\n', text] }), ['conflict-marker']);
    assert.deepEqual(kinds({ 'a.txt': [text, `${text}more\n`] }), []);
    assert.deepEqual(kinds({ 'a.rst': ['a\n', 'Title\n=======\n'] }), []);
    assert.deepEqual(kinds({ 'a.rb': ['a\n', '<<<<<<< ours\nb\n=======\nc\n'] }), ['conflict-marker'], 'one is left');
    assert.deepEqual(kinds({ 'a.md': ['a\n', `\`\`\`\n${text}\`\`\`\n`] }), [], 'a document about them');
    assert.deepEqual(kinds({ 'a.js': ['f();\n', `f(\`\n${text}\`);\n`] }), [], 'a text about them');
  });

  it('lets nobody add a file that does not parse, but a template or a test', () => {
    assert.deepEqual(kinds({ 'src/a.js': [undefined, 'function f( {\n'] }), ['does-not-parse']);
    assert.deepEqual(kinds({ 'templates/a.js': [undefined, 'f( {\n'] }), []);
    assert.deepEqual(kinds({ 'src/a.js': [undefined, 'let a = {{ name }};\n'] }), []);
    assert.deepEqual(kinds({ 'src/a.js': ['let a = ;\n', 'let b = ;\n'] }), [], 'the base did not either');
  });

  it('finds patches that change nothing but layout', () => {
    const cases: readonly (readonly [string, string, string])[] = [
      ['a.js', "const a = {b: 'c'}\nf(a)\n", 'const a = {\n  b: "c",\n};\nf(a);\n'],
      ['a.c', 'int f(void) {\n  return 1;\n}\n', 'int f(void)\n{\n    return 1;\n}\n'],
      ['a.py', "def f(a, b):\n    return a+b or 'x'\n", 'def f(a,b):\n\n    return a + b or "x"\n'],
      ['a.json', '{"a":[1,2]}', '{\n  "a": [1, 2]\n}\n'],
      ['Makefile', 'a:\n\tb\n', 'a:\n\tb  \n\n'],
    ];
    for (const [path, before, after] of cases)
      assert.deepEqual(kinds({ [path]: [before, after] }), ['changes-nothing'], path);
    assert.deepEqual(kinds({}), ['changes-nothing']);
  });

  it('takes for a change what only looks like layout', () => {
    const cases: readonly (readonly [string, string, string])[] = [
      ['a.js', "f('a b')\n", "f('a  b')\n"],
      ['a.js', 'return x\n', 'return\nx\n'],
      ['a.js', 'a = b\n;(c)\n', 'a = b\n(c)\n'],
      ['a.py', 'if a:\n    b()\n    c()\n', 'if a:\n    b()\nc()\n'],
      ['a.py', 'a = (1)\n', 'a = (1,)\n'],
      ['a.c', '#define A 1\nint b;\n', '#define A 1 int b;\n'],
      ['a.go', 'a := b\n-c\n', 'a := b - c\n'],
      ['a.md', 'a\nb\n', 'a  \nb\n'],
      ['a.yaml', 'a:\n  b: 1\n', 'a:\nb: 1\n'],
      ['a.rs', "fn f<'a>() {}\n", "fn f<'b>() {}\n"],
    ];
    for (const [path, before, after] of cases) assert.deepEqual(kinds({ [path]: [before, after] }), [], after);
    assert.deepEqual(kinds({ 'src/new.ts': [undefined, ''] }), []);
  });

  it('finds debug leftovers in added lines of code', () => {
    assert.deepEqual(marks({ 'src/a.ts': ['f();\n', 'f();\nconsole.log(1);\n'] })[0]?.line, 2);
    assert.deepEqual(kinds({ 'a.py': ['f()\n', 'f()\nprint(1)\n'] }), ['debug-leftover']);
    assert.deepEqual(kinds({ 'a.rs': ['f();\n', 'dbg!(f());\n'] }), ['debug-leftover']);
    assert.deepEqual(kinds({ 'a.ts': ['f();\n', 'g(); // TODO: all of it\n'] }), ['debug-leftover']);
  });

  it('leaves alone what belongs there', () => {
    assert.deepEqual(kinds({ 'a.ts': ["console.log('a');\n", "console.log('a');\nconsole.log('b');\n"] }), []);
    assert.deepEqual(kinds({ 'a.ts': ['f();\n', "f('console.log(1) TODO');\n"] }), []);
    assert.deepEqual(kinds({ 'a.test.ts': ['f();\n', 'f();\nconsole.log(1);\n'], 'a.ts': ['f()', 'g()'] }), []);
    assert.deepEqual(kinds({ 'bin/a.py': [undefined, 'print(1)\n'] }), []);
    assert.deepEqual(kinds({ 'a.c': ['int a;\n', 'int main(void) {\n  printf("a");\n}\n'] }), []);
    assert.deepEqual(kinds({ 'a.js': ['f();\n', '/** Marks a TODO item as done. */\ng();\n'] }), []);
    assert.deepEqual(kinds({ 'a.py': ['f()\n', 'f(sprint(1))\nblueprint(2)\n'] }), []);
  });
});
