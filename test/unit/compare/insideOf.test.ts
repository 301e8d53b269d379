import assert from 'node:assert/strict';
import { insideOf } from '../../../src/core/compare/insideOf.ts';

describe('what a line is in', () => {
  const cases: readonly (readonly [string, string, string | undefined])[] = [
    ['a.ts', 'export async function send(a: string) {\n  if (a) {\n    >b();\n  }\n}', 'send()'],
    ['a.ts', 'class Queue<T> extends Base {\n  size = 0;\n  >next = 1;\n}', 'class Queue<T>'],
    ['a.ts', 'class Queue {\n  async send(a: () => void): Promise<void> {\n    >a();\n  }\n}', 'send()'],
    ['a.ts', 'export class Queue {\n  send(\n    a: string,\n  ): void {\n    >b();\n  }\n}', 'send()'],
    ['a.ts', 'const send = async (a) => {\n  >b();\n};', 'send()'],
    ['a.ts', 'function a() {\n}\n\nconst list = [\n  >1,\n];', undefined],
    ['a.ts', 'function a() {\n  b();\n>}\n', 'a()'],
    ['a.ts', '>function a() {\n  b();\n}\n', 'a()'],
    ['a.ts', 'function a() {\n  b();\n}\n>c();\n', undefined],
    ['a.ts', 'function a() {\n  call(\n    >b,\n  );\n}\n', 'a()'],
    ['a.ts', "describe('a', () => {\n  it('b', () => {\n    >c();\n  });\n});\n", undefined],
    ['a.ts', 'function a() {\n  if (b) {\n    c();\n  } else {\n    >d();\n  }\n}\n', 'a()'],
    ['a.py', 'class Queue(Base):\n    def send(self, a):\n        if a:\n            >b()\n', 'send()'],
    ['a.py', 'class Queue:\n    def send(\n        self,\n    ):\n        >b()\n', 'send()'],
    ['a.py', 'class Queue(Base):\n    >a = 1\n', 'class Queue'],
    ['a.go', 'func (q *Queue) Send(a int) error {\n\tif a {\n\t\t>b()\n\t}\n}', 'Send()'],
    ['a.go', 'type Queue struct {\n\t>a int\n}', 'struct Queue'],
    ['a.rs', 'impl Clone for Queue {\n    pub fn send(&self) {\n        >a();\n    }\n}', 'send()'],
    ['a.rs', 'impl Clone for Queue {\n    >a!();\n}', 'impl Clone for Queue'],
    ['A.java', 'public class A {\n  public static List<String> send(int a) throws E {\n    >b();\n  }\n}', 'send()'],
    ['a.cs', 'class A\n{\n    public void Send(int a)\n    {\n        >B();\n    }\n}', 'Send()'],
    ['a.c', 'static int send(struct a *b)\n{\n\t>return 1;\n}', 'send()'],
    ['a.rb', 'class Queue\n  def send!(a)\n    >b\n  end\nend', 'send!()'],
    ['a.php', 'class A {\n    private function send($a) {\n        >b();\n    }\n}', 'send()'],
    ['README.md', 'function a()\n  >b\n', undefined],
    ['a.ts', '>', undefined],
  ];
  for (const [path, text, expected] of cases) {
    it(`is ${expected ?? 'nothing'} in ${path}: ${JSON.stringify(text)}`, () => {
      const lines = text.split('\n');
      const at = lines.findIndex((line) => line.trimStart().startsWith('>'));
      lines[at] = lines[at]?.replace('>', '') ?? '';
      assert.equal(insideOf(lines, at, path), expected);
    });
  }

  it('is looked for only so far, and quickly', () => {
    const far = ['function a() {', ...Array.from({ length: 5000 }, () => '  b();'), '}'];
    assert.equal(insideOf(far, 100, 'a.ts'), 'a()');
    assert.equal(insideOf(far, 4900, 'a.ts'), undefined);
    assert.equal(insideOf(['a( '.repeat(100_000), '  b'], 1, 'a.c'), undefined);
    assert.equal(insideOf(['a'], 50, 'a.ts'), undefined);
  });
});
