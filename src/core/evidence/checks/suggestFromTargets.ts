import type { CheckKind, KnownFolder, Suggestion } from './suggestion.ts';

const targets: Readonly<Record<string, CheckKind>> = {
  typecheck: 'types',
  types: 'types',
  lint: 'lint',
  vet: 'lint',
  test: 'test',
  tests: 'test',
  check: 'test',
};

const atLineStart = /^([A-Za-z][^:=#\t\r\n]*?)[ ]*:(?!=)/gm;

/** A file of named commands, what runs them, and how it names them. */
const files = [
  { program: 'make', names: ['Makefile', 'makefile', 'GNUmakefile'], pattern: atLineStart },
  { program: 'just', names: ['justfile', 'Justfile', '.justfile'], pattern: atLineStart },
  { program: 'task', names: ['Taskfile.yml', 'Taskfile.yaml'], pattern: /^ {2}([a-z][\w-]*):/gm },
] as const;

/** The first target of each kind in a Makefile, a justfile or a Taskfile. */
export async function suggestFromTargets(folder: KnownFolder): Promise<readonly Suggestion[]> {
  const found = new Map<CheckKind, Suggestion>();
  for (const { program, names, pattern } of files) {
    const from = folder.first(...names);
    const text = from === undefined ? undefined : await folder.read(from);
    for (const [, line = ''] of text?.matchAll(pattern) ?? []) {
      for (const target of line.split(/\s+/)) {
        const kind = Object.hasOwn(targets, target) ? targets[target] : undefined;
        if (from === undefined || kind === undefined || found.has(kind)) continue;
        const command = `${program} ${target}`;
        found.set(kind, { kind, name: command, command, from });
      }
    }
  }
  return [...found.values()];
}
