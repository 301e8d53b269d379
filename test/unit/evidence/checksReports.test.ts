import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { readReport } from '../../../src/core/evidence/checks/report.ts';
import { readReports, reportsBefore } from '../../../src/core/evidence/checks/reportFiles.ts';
import { type ReportPlace, settleTests } from '../../../src/core/evidence/checks/testNames.ts';
import { xmlEvents } from '../../../src/core/evidence/checks/xmlEvents.ts';
import { makeFolder, removeFolders } from './commands.ts';

const place = { root: '/copy', folder: '' };
const parseReports = (texts: readonly string[], where: ReportPlace) => settleTests(texts.flatMap(readReport), where);
const parse = (...texts: readonly string[]) => parseReports(texts, place);
/** `+ name`, `- name` and `o name`, for passed, failed and skipped. */
const lines = (...texts: readonly string[]) =>
  parse(...texts).map(({ name, status }) => `${{ passed: '+', failed: '-', skipped: 'o' }[status]} ${name}`);

describe('a JUnit report', () => {
  it('names tests by their class, or else by their suites', () => {
    const xml = `<?xml version="1.0"?><testsuites><testsuite name="pytest" time="0.1">
      <testcase classname="tests.test_a.TestA" name="test_x[1]" time="0.01"/>
      <testcase classname="tests.test_a" name="test_y"><failure message="assert 1 == 2">tests/test_a.py:12: AssertionError</failure></testcase>
      <testcase classname="tests.test_a" name="test_z"><skipped/></testcase>
      <testcase classname="tests.test_a" name="test_e"><error>no</error></testcase></testsuite>
      <testsuite name="/copy/phpunit.xml"><testsuite name="upload"><testcase name="retries" classname="test"/></testsuite></testsuite></testsuites>`;
    assert.deepEqual(lines(xml), [
      '+ tests.test_a.TestA › test_x[1]',
      '- tests.test_a › test_y',
      'o tests.test_a › test_z',
      '- tests.test_a › test_e',
      '+ upload › retries',
    ]);
    assert.deepEqual(parse(xml)[1], {
      name: 'tests.test_a › test_y',
      status: 'failed',
      file: 'tests/test_a.py',
      line: 12,
      message: 'assert 1 == 2\ntests/test_a.py:12: AssertionError',
    });
  });

  it('has names without times, addresses or the copy’s path', () => {
    const of = (name: string) => parse(`<testsuite><testcase classname="a" name="${name}"/></testsuite>`)[0]?.name;
    assert.equal(of('b (12 ms)'), 'a › b');
    assert.equal(of('b [0.5s]'), 'a › b');
    assert.equal(of('b (5 tries)'), 'a › b (5 tries)');
    assert.equal(of('loads /copy/src/x.ts'), 'a › loads src/x.ts');
    assert.equal(of('&lt;T at 0x7f3a12bc&gt;'), 'a › <T at 0x…>');
    assert.equal(of('x&#10;  y'), 'a › x y');
    assert.equal(of('in /tmp/dursor-check-aB1/tmp/x (at /tmp/dursor-check-aB1/y)'), 'a › in tmp/x (at y)');
  });

  it('says where a test is, only inside the copy', () => {
    const of = (attributes: string, failure = '') => {
      const [test] = parse(`<testsuite><testcase name="x" ${attributes}>${failure}</testcase></testsuite>`);
      return [test?.file, test?.line];
    };
    assert.deepEqual(of('file="/copy/test/a.ts" line="3"'), ['test/a.ts', 3]);
    assert.deepEqual(of('file="./spec/a.rb"'), ['spec/a.rb', undefined]);
    assert.deepEqual(of('file="file:///copy/a%20b.ts"'), ['a b.ts', undefined]);
    for (const out of ['/etc/passwd', '../a', 'a/../../b', 'file:///etc/passwd', '']) {
      assert.deepEqual(of(`file="${out}" line="3"`), [undefined, undefined], out);
    }
    const failure =
      '<failure>at /usr/lib/x.js:1:2\nat f (/copy/node_modules/m/i.js:5)\nat g (/copy/src/a.js:7:1)</failure>';
    assert.deepEqual(of('', failure), ['src/a.js', 7]);
    assert.deepEqual(of('file="src/FooTest.java"', '<failure>at x(Foo.java:3) at y(FooTest.java:9)</failure>'), [
      'src/FooTest.java',
      9,
    ]);
    const [below] = parseReports(['<testsuite><testcase name="x" file="a.ts"/></testsuite>'], {
      root: '/copy',
      folder: 'sub',
    });
    assert.equal(below?.file, 'sub/a.ts');
  });

  it('counts tests of one name as one that failed if one did', () => {
    const one = '<testsuite><testcase classname="a" name="x"/></testsuite>';
    const other = '<testsuite><testcase classname="a" name="x"><failure/></testcase></testsuite>';
    assert.deepEqual(lines(one, other), ['- a › x']);
    assert.deepEqual(lines(other, one), ['- a › x']);
  });

  it('has a suite that could not be loaded as a failed test', () => {
    assert.deepEqual(lines('<testsuite name="a.test.ts"><error message="no such module"/></testsuite>'), [
      '- a.test.ts',
    ]);
  });

  it('expands no entity and reads no other file', () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>
      <testsuite><testcase name="&b;&f; &amp;lt; &#65;&#x42;"/></testsuite>`;
    assert.deepEqual(lines(bomb), ['+ &b;&f; &lt; AB']);
  });

  it('takes what can’t be right for no report', () => {
    for (const xml of [
      '<testsuite><testcase',
      '<testsuite>',
      '<a></b>',
      '<html></html>',
      '<testsuite a></testsuite>',
      '<',
    ]) {
      assert.throws(() => parse(xml), SyntaxError, xml);
    }
    assert.throws(() => [...xmlEvents('<a>'.repeat(200))], /deep/);
    assert.throws(() => parse(''), /empty/);
    assert.throws(() => parse('hello'), /neither/);
  });

  it('reads in time that grows with its length alone', () => {
    const long = 300_000;
    for (const part of ['<!a>', '<a ', '<!--', '&', '<a b="', '<!DOCTYPE [', '/a', ' ( ', '\t']) {
      const hostile = `<testsuite><testcase name="${'/a'.repeat(1000)}">${part.repeat(long)}`;
      assert.throws(() => parse(hostile), SyntaxError);
    }
    const quoted = ['/a', ' (', '&amp;', '0x'].map((part) => `<testcase name="${part.repeat(long)}"/>`).join('');
    assert.ok(parse(`<testsuite>${quoted}</testsuite>`).length > 0);
    const names = ['/a', 'a', 'a/'].map((part) => `${part.repeat(1000)} b`);
    const cases = (part: string) =>
      `<testcase name="${part}"><failure>${'a.'.repeat(4000)}${'a'.repeat(4000)}</failure></testcase>`;
    assert.ok(parse(`<testsuite>${names.map(cases).join('').repeat(1000)}</testsuite>`).length > 0);
  });
});

describe('a TAP report', () => {
  it('has subtests with their parents’ names', () => {
    const tap = `TAP version 14
# Subtest: upload
    # Subtest: retries
    ok 1 - retries # time=12ms
      ---
      at: /copy/a.js:5
      ...
    not ok 2 - gives \\# up
      ---
      location: '/copy/test/a.js:7:3'
      message: |
        not ok 9 - this is no test
      ...
    1..2
not ok 1 - upload
ok 2 - later # SKIP no time
not ok 3 - todo # TODO
ok 4
not ok 5 - braces {
    ok 1 - in it
    1..1
}
1..5`;
    assert.deepEqual(lines(tap), [
      '+ upload › retries',
      '- upload › gives # up',
      'o later',
      'o todo',
      '+ test 4',
      '+ braces › in it',
      '- braces',
    ]);
    const failed = parse(tap)[1];
    assert.deepEqual([failed?.file, failed?.line], ['test/a.js', 7]);
    assert.match(failed?.message ?? '', /this is no test/);
  });

  it('takes what can’t be right for no report, and what ends early as failed', () => {
    assert.throws(() => parse('TAP version 13\n# nothing'), SyntaxError);
    assert.deepEqual(lines('1..0 # SKIP all'), []);
    assert.deepEqual(lines('1..3\nok 1 - a\nBail out! no database'), ['+ a', '- Bail out!']);
    assert.deepEqual(lines('ok 1 - a\n  ---\n  x: 1\nok 2 - b'), ['+ a', '+ b']);
    assert.deepEqual(lines('    ok 1 - orphan'), ['+ orphan']);
  });

  it('loses no test whose name has a character that ends lines elsewhere', () => {
    assert.deepEqual(lines('ok 1 - a\u2028b\nnot ok 2 - c\rd # time=1ms\r\n'), ['+ a b', '- c d']);
  });

  it('reads in time that grows with its length alone', () => {
    assert.throws(() => parse(`${'\n'.repeat(1_000_000)}x`), SyntaxError);
    const blank = `not ok 1 - a\n  ---\n${'\n'.repeat(20_000)}  ...\n`;
    assert.deepEqual(lines(blank.repeat(20)), ['- a']);
    const levels = Array.from({ length: 400 }, (_, level) => `${' '.repeat(399 - level)}ok 1 - level`);
    const parts = Array.from({ length: 1000 }, (_, part) => `${' '.repeat(400)}ok 1 - ${part}`);
    assert.ok(parse([...parts, ...levels].join('\n')).length > 0);
  });
});

describe('reports of real runners', () => {
  let root: string;
  before(() => {
    root = makeFolder('reports');
    mkdirSync(join(root, 'test'));
    const body =
      "describe('upload', () => { it('retries', () => {}); it('fails', () => {\n throw new Error('no'); }); it.skip('later', () => {}); });";
    writeFileSync(join(root, 'test/a.test.cjs'), `const { describe, it } = require('node:test');\n${body}`);
    writeFileSync(join(root, 'test/b.cjs'), body);
  });
  after(() => removeFolders(root));

  function tests(...args: readonly string[]) {
    // Under a test runner Node's own reports to that one instead.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    let text: string;
    try {
      text = execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', env });
    } catch (error) {
      text = String((error as { stdout: unknown }).stdout);
    }
    return parseReports([text], { root, folder: '' }).map(({ name, status, line }) => [name, status, line]);
  }
  const expected = (line: number) => [
    ['upload › retries', 'passed', undefined],
    ['upload › fails', 'failed', line],
    ['upload › later', 'skipped', undefined],
  ];

  it('are read: Node’s JUnit and TAP', () => {
    assert.deepEqual(tests('--test', '--test-reporter=junit', 'test/a.test.cjs'), expected(3));
    assert.deepEqual(tests('--test', '--test-reporter=tap', 'test/a.test.cjs'), expected(2));
  });

  it('are read: Mocha’s xunit', () => {
    const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
    assert.deepEqual(tests(mocha, '--reporter', 'xunit', 'test/b.cjs'), expected(2));
  });
});

describe('a report’s files', () => {
  let root: string;
  let outside: string;
  beforeEach(() => {
    root = makeFolder('files');
    outside = makeFolder('outside');
    mkdirSync(join(root, 'sub/deep'), { recursive: true });
    mkdirSync(join(root, 'node_modules'));
  });
  afterEach(() => removeFolders(root, outside));

  const search = (pattern: string) => ({ root, folder: join(root, 'sub'), pattern });
  const read = (pattern: string) => readReports(search(pattern), new Map());

  it('are found by name or glob below where the command runs', async () => {
    for (const path of ['r.xml', 'sub/r.xml', 'sub/deep/r.xml', 'sub/deep/s.xml'])
      writeFileSync(join(root, path), path);
    assert.deepEqual(await read('r.xml'), ['sub/r.xml']);
    assert.deepEqual(await read('*/*.xml'), ['sub/deep/r.xml', 'sub/deep/s.xml']);
    assert.deepEqual(await read('**/r.xml'), ['sub/deep/r.xml', 'sub/r.xml']);
    assert.deepEqual(await read('none.xml'), []);
  });

  it('are not those that were there before and are as they were', async () => {
    for (const path of ['old.xml', 'rewritten.xml']) writeFileSync(join(root, 'sub', path), 'forged');
    const before = await reportsBefore(search('*.xml'));
    writeFileSync(join(root, 'sub/rewritten.xml'), 'real!!');
    writeFileSync(join(root, 'sub/new.xml'), 'new');
    assert.deepEqual(await readReports(search('*.xml'), before), ['new', 'real!!']);
  });

  it('are never read through a link that leads out, nor from a pipe', async function () {
    if (process.platform === 'win32') this.skip();
    writeFileSync(join(outside, 'r.xml'), 'secret');
    symlinkSync(join(outside, 'r.xml'), join(root, 'sub/link.xml'));
    symlinkSync(outside, join(root, 'sub/folder'));
    execFileSync('mkfifo', [join(root, 'sub/pipe.xml')]);
    for (const pattern of ['link.xml', 'folder/r.xml', 'pipe.xml', '**/*.xml', '*/r.xml']) {
      assert.deepEqual(await read(pattern), [], pattern);
    }
    linkSync(join(root, 'sub/link.xml'), join(root, 'sub/deep/r.xml'));
    assert.deepEqual(await read('**/r.xml'), []);
  });

  it('are refused where there are too many or too large ones', async function () {
    this.timeout(20_000);
    for (let index = 0; index <= 2000; index++) writeFileSync(join(root, `sub/deep/${index}.xml`), 'x');
    await assert.rejects(read('deep/*.xml'), RangeError);
    writeFileSync(join(root, 'sub/large.xml'), Buffer.alloc(65 * 1024 * 1024));
    await assert.rejects(read('large.xml'), RangeError);
  });
});
