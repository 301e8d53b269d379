import assert from 'node:assert/strict';
import { unformattedIn } from '../../../src/core/compare/formatting.ts';

describe('formatting', () => {
  const same: readonly (readonly [string, string, string])[] = [
    ['a.ts', 'if (a) {\n  b( 1,2 );\n}\n', 'if(a){ b(1, 2); }\n'],
    ['a.ts', "f('a  b')", "f( 'a  b' )"],
    ['a.java', 'int  a;\r\n', '\tint a;\n'],
    ['a.rs', "fn f<'a>( s: &'a str ) {}", "fn f<'a>(s: &'a str) {\n}"],
    ['a.go', 'a :=  1\n\n', '\ta := 1\n'],
    ['a.json', '{"a":1}', '{\n  "a": 1\n}\n'],
    ['a.css', 'a  b { c: d }', '\ta b { c: d }\n'],
    ['a.py', 'a = 1  \n', 'a = 1\r\n'],
    ['a.ts', '// a  \nb()', '// a\n\n  b()'],
  ];
  for (const [path, one, other] of same) {
    it(`is all that ${JSON.stringify(one)} and ${JSON.stringify(other)} differ in (${path})`, () => {
      const read = unformattedIn(path);
      assert.notEqual(read([one]), undefined);
      assert.equal(read([one]), read([other]));
    });
  }

  const different: readonly (readonly [string, string, string])[] = [
    ['a.ts', "f('a  b')", "f('a b')"],
    ['a.ts', 'f("it\'s  it")', 'f("it\'s it")'],
    ['a.ts', 'f(`a\n  b`)', 'f(`a\nb`)'],
    ['a.ts', 'let a', 'leta'],
    ['a.ts', 'a + +b', 'a ++b'],
    ['a.ts', 'return\na', 'return a'],
    ['a.ts', '// a\nb()', '// a b()'],
    ['a.ts', 'b() // a\nc()', 'b() // a c()'],
    ['a.c', '#define A 1\nint b;', '#define A 1 int b;'],
    ['a.c', '#define F (x)', '#define F(x)'],
    ['a.go', 'a\nb', 'a b'],
    ['a.css', '.a .b {}', '.a.b {}'],
    ['a.tsx', '<p>Hello {name}</p>', '<p>Hello{name}</p>'],
    ['a.py', 'if a:\n  b', 'if a:\nb'],
    ['a.yaml', 'a:\n  b: 1', 'a:\n    b: 1'],
    ['Makefile', '\ta', '    a'],
    ['unknown', ' a', 'a'],
    ['a.sh', 'a \\ \nb', 'a \\\nb'],
  ];
  for (const [path, one, other] of different) {
    it(`isn’t what ${JSON.stringify(one)} and ${JSON.stringify(other)} differ in (${path})`, () => {
      const read = unformattedIn(path);
      assert.notEqual(read([one]), read([other]));
    });
  }

  it('can’t be told where a literal is cut off, in Markdown, or in a text of great length', () => {
    assert.equal(unformattedIn('a.ts')(['f(`a\n']), undefined);
    assert.equal(unformattedIn('a.ts')(['/* a\n']), undefined);
    assert.equal(unformattedIn('a.ts')(["<p>don't</p>"]), undefined);
    assert.equal(unformattedIn('README.md')(['a']), undefined);
    assert.equal(unformattedIn('a.ts')(['a'.repeat(300_000)]), undefined);
  });
});
