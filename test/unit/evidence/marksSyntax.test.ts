import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { syntaxProblem } from '../../../src/core/evidence/marks/syntaxProblem.ts';

const parses = (path: string, text: string) => assert.equal(syntaxProblem(path, text), undefined, `${path}: ${text}`);
const fails = (path: string, text: string, line?: number) => {
  const problem = syntaxProblem(path, text);
  assert.ok(problem, `${path}: ${text}`);
  if (line !== undefined) assert.equal(problem.line, line, problem.text);
};

describe('whether a file parses', () => {
  it('is told of JavaScript, with modules and without', () => {
    parses('a.mjs', "import a from 'b';\nexport default await a;\n");
    parses('a.js', '#!/usr/bin/env node\nwith (a) { module.exports = 010; }\nreturn 5;\n');
    fails('a.js', 'const a = 1;\nconst b = ;\n', 2);
    fails('a.js', 'f(;\n', 1);
    fails('a.mjs', "import a from 'b';\nexport function f( {\n");
  });

  it('is told of TypeScript and of what has elements in it', () => {
    parses('a.ts', 'enum A { B }\nconst a = <T,>(b: T) => b satisfies unknown;\nexport type { C } from "d";\n');
    fails('a.ts', 'interface A { b: string\n');
    parses('a.tsx', "const a = <p>Don't {b ? `x)` : '('} /</p>;\nconst c = /[)\"]/.test(d);\n");
    fails('a.tsx', 'const a = <p>{b</p>;\nfunction c() {\n', 2);
  });

  it('is told of JSON, with comments and without', () => {
    parses('a.json', '\uFEFF{"a": [1, 2,], /* b */ "c": "//" }\n');
    fails('a.json', '{"a": 1 "b": 2}');
    fails('a.json', '{"a": [1, 2}', 1);
  });

  it('is told of Python by its brackets, literals, colons and indentation', () => {
    parses(
      'a.py',
      'def f(a,\n      b=")"):\n    """It\'s (\n    """\n    if a: return {1: "#"}  # (\n    x = a \\\n        + b\n    return x\n',
    );
    parses(
      'a.py',
      'class A:\n\n    # far\n        # further\n    @property\n    def b(self): ...\n\nelse_ = lambda: 0\n',
    );
    fails('a.py', 'def f()\n    return 1\n', 1);
    fails('a.py', 'def f():\nreturn 1\n', 2);
    fails('a.py', 'a = 1\n    b = 2\n', 2);
    fails('a.py', 'if a:\n        b\n    c\n', 3);
    fails('a.py', 'f(1\ng = 2\n', 1);
    fails('a.py', 'a = "b\n', 1);
    fails('a.py', 'if a:\n');
  });

  it('is told of other languages by their brackets', () => {
    parses('a.c', 'char a = \'"\', b[] = "}"; /* { */ // (\nint c(void) { return a; }\n');
    parses('a.rs', "fn f<'a>(b: &'a str) -> char { if b == \"'\" { '}' } else { '\\'' } }\n");
    parses('a.go', 'var a = `\n{"\n`\n');
    parses('A.java', 'String a = """\n  { "b" }\n  """;\n');
    fails('a.c', 'int f(void) {\n  if (a) {\n  return 1;\n}\n', 1);
    fails('a.go', 'func f() {\n  g(1]\n}\n', 2);
    fails('a.css', 'a { b: c; }\n}\n', 2);
    fails('a.c', 'int a; /* b\n');
  });

  it('is not told where it can not be', () => {
    parses('a.c', '#ifdef A\nif (a) {\n#else\nif (b) {\n#endif\n}\n');
    parses('a.rb', 'a = %w(b) if c =~ /"/\n');
    parses('a.unknown', '{{{');
    parses('a.js', '// @flow\nfunction a(b: ?number) {}\n');
    parses('a.rs', 'let a = r##"b "# c"##;\n');
    parses('a.cpp', 'auto a = R"(b " ( )";\nint c = 1\'000;\n');
    parses('a.css', "a { b: url(it's.png) }\n");
    parses('a.kt', `val a = "b \${c("d")}"\n`);
  });

  it('is told of scripts with elements by what adds up in no way', () => {
    parses('a.jsx', "const a = <p>Say \"hi and don't {'}'} // http://b</p>;\n");
    parses('a.js', "const a = () => <p>it's {b}</p>;\n");
    fails('a.js', "const a = () => {\n  return <p>it's {b}</p>;\n");
  });

  it('is told of what package managers read as they read it', () => {
    fails('package.json', '{"a": 1 /* b */}');
  });

  it('finds nothing wrong with our own sources', () => {
    const root = resolve(import.meta.dirname, '../../..');
    for (const file of globSync(['src/core/**/*.ts', 'webview-ui/**/*.tsx', 'package.json', 'tsconfig.json'], {
      cwd: root,
    })) {
      parses(file, readFileSync(join(root, file), 'utf8'));
    }
  });
});
