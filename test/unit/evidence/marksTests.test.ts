import assert from 'node:assert/strict';
import type { FileChange, ObjectName } from '../../../src/core/domain.ts';
import { changedFile } from '../../../src/core/evidence/marks/changedFile.ts';
import { testChangeMarks } from '../../../src/core/evidence/marks/testChanges.ts';

type Sides = readonly [before: string | undefined, after: string | undefined];

function file(path: string, [before, after]: Sides) {
  const version = { path, mode: '100644', blob: '' as ObjectName } as const;
  const kind = before === undefined ? 'added' : after === undefined ? 'deleted' : 'modified';
  const change: FileChange = {
    kind,
    ...(before !== undefined && { base: version }),
    ...(after !== undefined && { after: version }),
  };
  return changedFile(change, before, after);
}

/** Marks of a patch that changes code too. */
const marks = (files: Readonly<Record<string, Sides>>) =>
  testChangeMarks(
    Object.entries({ 'src/code.ts': ['a', 'b'] as const, ...files }).map(([path, sides]) => file(path, sides)),
  );
const kinds = (files: Readonly<Record<string, Sides>>) => marks(files).map(({ kind }) => kind);
const texts = (path: string, before: string, after: string) =>
  marks({ [path]: [before, after] }).map(({ text }) => text);

const two = "test('a', () => {\n  assert.equal(f(1), 1);\n});\ntest('b', () => {\n  assert.equal(f(2), 2);\n});\n";

describe('marks for what is done to tests', () => {
  it('tell that nothing but tests is changed', () => {
    const [mark] = testChangeMarks([file('a.test.ts', [two, `${two}\n${two}`])]);
    assert.deepEqual([mark?.kind, mark?.isGate], ['tests-only', false]);
    assert.deepEqual(kinds({ 'a.test.ts': [two, `${two}\n${two}`] }), []);
  });

  it('tell of tests that are deleted, and not of those that have moved', () => {
    assert.deepEqual(kinds({ 'a.test.ts': [two, undefined] }), ['deletes-tests']);
    assert.deepEqual(kinds({ 'a.test.ts': [two, undefined], 'b.test.ts': [undefined, two] }), []);
    assert.deepEqual(texts('a.test.ts', two, two.split('\n').slice(0, 3).join('\n')), [
      'Removes 1 test from a.test.ts.',
    ]);
  });

  it('tell of assertions that are gone or commented out', () => {
    assert.deepEqual(texts('a.test.ts', two, two.replace('  assert.equal(f(2)', '  // assert.equal(f(2)')), [
      'Removes 1 assertion from a.test.ts.',
    ]);
    const python = 'def test_a(self):\n    self.assertEqual(f(), 1)\n    self.assertEqual(g(), 1)\n';
    assert.deepEqual(texts('test_a.py', python, python.replace('    self.assertEqual(g(), 1)\n', '')), [
      'Removes 1 assertion from test_a.py.',
    ]);
  });

  it('tell of tests that are kept from running', () => {
    const all: readonly (readonly [string, string, string])[] = [
      ['a.test.ts', "test('a', f);", "test.skip('a', f);"],
      ['a.test.ts', "it('a', f);", "it.only('a', f);"],
      ['a.test.ts', "it('a', f);", "xit('a', f);"],
      ['test_a.py', 'def test_a(): f()', '@unittest.skip("later")\ndef test_a(): f()'],
      ['test_a.py', 'def test_a(): f()', '@pytest.mark.xfail\ndef test_a(): f()'],
      ['tests/a.rs', '#[test]\nfn a() {}', '#[test]\n#[ignore]\nfn a() {}'],
      ['a_test.go', 'func TestA(t *testing.T) {\n}', 'func TestA(t *testing.T) {\n\tt.Skip("later")\n}'],
      ['src/OrderTest.java', '@Test void a() {}', '@Disabled @Test void a() {}'],
    ];
    for (const [path, before, after] of all) {
      assert.deepEqual(texts(path, before, after), [`Keeps tests in ${path} from running.`], after);
    }
  });

  it('tell of what is made always true or less exact', () => {
    const always = two.replace('assert.equal(f(2), 2)', 'assert.ok(true)');
    assert.deepEqual(texts('a.test.ts', two, always), ['Makes what a.test.ts asserts always true.']);
    assert.deepEqual(texts('tests/a.sh', 'f || bad=1\nexit $bad\n', 'f || bad=1\nexit 0\n'), [
      'Makes what tests/a.sh asserts always true.',
    ]);
    const loose = two.replace('assert.equal(f(2), 2)', 'assert.ok(f(2))');
    assert.deepEqual(texts('a.test.ts', two, loose), ['Makes 1 assertion in a.test.ts less exact.']);
  });

  it('tell of other values that are expected', () => {
    const [mark] = marks({ 'a.test.ts': [two, two.replace('f(2), 2', 'f(2), 3')] });
    assert.deepEqual([mark?.kind, mark?.line], ['changes-expectations', 5]);
    assert.deepEqual(kinds({ 'a.test.ts': [two, two.replaceAll('f(', 'g(')] }), []);
    assert.deepEqual(kinds({ 'a.test.ts': [two, two.replace("test('a'", "test('the first'")] }), [], 'another title');
    const imports = "import { f } from '../src/a.js';\n";
    assert.deepEqual(kinds({ 'a.test.ts': [imports + two, imports.replace('a.js', 'b.js') + two] }), []);
    assert.deepEqual(kinds({ 'a.test.ts': [two, two.replaceAll("'", '"')] }), []);
  });

  it('tell of commands that end well whatever happens', () => {
    assert.deepEqual(kinds({ Makefile: ['check:\n\tprove t\n', 'check:\n\tprove t || true\n'] }), ['weakens-tests']);
    assert.deepEqual(kinds({ Makefile: ['check:\n\tprove t\n', 'check:\n\tprove -l t\n'] }), []);
  });

  it('tell of snapshots and expected outputs that are others, and not of new ones', () => {
    const snapshot = 'exports[`a 1`] = `\none\n`;\n';
    const added = `${snapshot}\nexports[\`b 1\`] = \`\ntwo\n\`;\n`;
    const path = 'test/__snapshots__/a.test.ts.snap';
    assert.deepEqual(kinds({ [path]: [snapshot, snapshot.replace('one', 'two')] }), ['changes-expectations']);
    assert.deepEqual(kinds({ [path]: [snapshot, added] }), []);
    assert.deepEqual(kinds({ [path]: [snapshot, undefined] }), ['deletes-tests']);
    assert.deepEqual(kinds({ 'tests/expected/a.txt': ['one\n', 'two\n'] }), ['changes-expectations']);
  });

  it('tell of cases that are gone from a table, and from tests of a kind that is not known', () => {
    const table =
      "const rows = [\n  ['a', 1],\n  ['b', 2],\n];\nfor (const [a, b] of rows) test(a, () => assert.equal(f(a), b));\n";
    assert.deepEqual(texts('a.test.ts', table, table.replace("  ['b', 2],\n", '')), ['Removes 1 case from a.test.ts.']);
    assert.deepEqual(texts('a.test.ts', table, table.replace("  ['b', 2],\n", "  ['b', 2],\n  ['c', 3],\n")), []);
    assert.deepEqual(texts('tests/run.sh', 'want 1 "$(f 1)"\nwant 2 "$(f 2)"\n', 'want 1 "$(f 1)"\n'), [
      'Removes 1 case from tests/run.sh.',
    ]);
    assert.deepEqual(texts('test/support/start.ts', "start('a', 1);\nstart('b', 2);\n", "start('a', 1);\n"), []);
  });

  it('look into the tests that stand in a file of Rust', () => {
    const rust = (tests: string) => `pub fn f() -> i32 { 1 }\n\n#[cfg(test)]\nmod tests {\n${tests}}\n`;
    const one = '    #[test]\n    fn a() { assert_eq!(super::f(), 1); }\n';
    assert.deepEqual(kinds({ 'src/lib.rs': [rust(one), rust(one.replace('1)', '2)'))] }), ['changes-expectations']);
    assert.deepEqual(kinds({ 'src/lib.rs': [rust(one), rust(`    #[ignore]\n${one}`)] }), ['weakens-tests']);
    assert.deepEqual(kinds({ 'src/lib.rs': [rust(one), 'pub fn f() -> i32 { 2 }\n'] }), ['weakens-tests']);
    assert.deepEqual(kinds({ 'src/lib.rs': ['pub fn f() -> i32 { 1 }\n', rust(one)] }), []);
    assert.deepEqual(kinds({ 'src/lib.rs': [rust(one), rust(one).replace('{ 1 }', '{ 2 }')] }), []);
  });

  it('tell of names under which nothing runs them', () => {
    const base = { path: 'test/a.test.ts', mode: '100644', blob: '' as ObjectName } as const;
    const change: FileChange = { kind: 'renamed', base, after: { ...base, path: 'test/a.test.ts.disabled' } };
    assert.deepEqual(
      testChangeMarks([file('src/a.ts', ['a', 'b']), changedFile(change, two, two)]).map(({ kind }) => kind),
      ['deletes-tests'],
    );
  });

  it('tell of what leaves tests out, wherever it is said', () => {
    const scripts = (test: string) => `{\n  "scripts": {\n    "test": "${test}"\n  }\n}\n`;
    const steps = '  - run: npm ci\n  - run: npm test\n';
    const all: readonly (readonly [path: string, before: string | undefined, after: string])[] = [
      ['package.json', scripts('node --test'), scripts('echo ok')],
      ['package.json', scripts('node --test'), scripts('node --test test/b.test.js')],
      ['package.json', scripts('node --test'), '{"scripts": {}}'],
      ['Makefile', 'test:\n\tprove t\n', 'test:\n\t@true\n'],
      ['conftest.py', undefined, 'collect_ignore = ["tests/test_a.py"]\n'],
      ['pytest.ini', '[pytest]\n', '[pytest]\naddopts = --deselect tests/test_a.py::test_a\n'],
      ['jest.config.js', 'module.exports = {};\n', "module.exports = {\n  testPathIgnorePatterns: ['a'],\n};\n"],
      ['.github/workflows/ci.yml', steps, steps.replace('  - run: npm test\n', '')],
      ['.github/workflows/ci.yml', steps, `${steps}    continue-on-error: true\n`],
    ];
    for (const [path, before, after] of all)
      assert.deepEqual(kinds({ [path]: [before, after] }), ['weakens-tests'], `${path}: ${after}`);
    const fine: readonly (readonly [path: string, before: string, after: string])[] = [
      ['package.json', scripts('node --test'), scripts('node --test --experimental-strip-types')],
      ['package.json', scripts('node --test'), scripts('node --test').replace('\n}\n', ',\n  "type": "module"\n}\n')],
      ['Makefile', 'OBJ = a.o\ntest:\n\tprove t\n', 'OBJ = a.o b.o\ntest:\n\tprove t\n'],
      ['.github/workflows/ci.yml', steps, `${steps}  - run: npm run lint\n`],
    ];
    for (const [path, before, after] of fine) assert.deepEqual(kinds({ [path]: [before, after] }), [], after);
  });

  it('take a function called skip for what it is', () => {
    assert.deepEqual(kinds({ 'a.test.ts': [two, `${two}test('skips', () => assert.equal(skip(a), 2));\n`] }), []);
  });

  it('say nothing of new tests, but of those that test nothing', () => {
    assert.deepEqual(kinds({ 'b.test.ts': [undefined, two] }), []);
    assert.deepEqual(kinds({ 'b.test.ts': [undefined, "test('a', () => assert.ok(true));\n"] }), ['weakens-tests']);
  });
});
