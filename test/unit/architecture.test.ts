import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isTypeOnly: boolean;
}

const root = resolve(import.meta.dirname, '../..');
const files = globSync(['src/**/*.ts', 'webview-ui/**/*.{ts,tsx}'], { cwd: root }).sort();
const sources = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
const imports = files.flatMap((file) => importsOf(file, sources.get(file) ?? ''));

/** Comments and templates stay in: no import looks like one by accident at the start of a line. */
function importsOf(file: string, text: string): Import[] {
  const statements = text.matchAll(/^(import|export)(\s+type)?\s[^;'"]*?from\s+'([^']+)'|^import\s+'([^']+)'/gm);
  const dynamic = text.matchAll(/(typeof\s+)?\bimport\('([^']+)'\)/g);
  return [
    ...Array.from(statements, ([, , type, from, bare]) => edge(file, from ?? bare ?? '', type !== undefined)),
    ...Array.from(dynamic, ([, type, to = '']) => edge(file, to, type !== undefined)),
  ];
}

function edge(from: string, specifier: string, isTypeOnly: boolean): Import {
  const isRelative = specifier.startsWith('.');
  return { from, to: isRelative ? relative(root, resolve(root, dirname(from), specifier)) : specifier, isTypeOnly };
}

type Layer = 'extension' | 'cli' | 'vscode' | 'protocol' | 'core' | 'webview' | 'package';

function layerOf(path: string): Layer {
  if (path === 'src/extension.ts') return 'extension';
  if (path.startsWith('src/cli/')) return 'cli';
  if (path.startsWith('src/vscode/')) return 'vscode';
  if (path.startsWith('src/protocol/')) return 'protocol';
  if (path.startsWith('src/core/')) return 'core';
  return path.startsWith('webview-ui/') ? 'webview' : 'package';
}

const allowed: Readonly<Record<Layer, readonly Layer[]>> = {
  extension: ['vscode', 'core', 'package'],
  cli: ['cli', 'core', 'package'],
  vscode: ['vscode', 'protocol', 'core', 'package'],
  protocol: ['protocol', 'core'],
  core: ['core', 'package'],
  webview: ['webview', 'protocol', 'core', 'package'],
  package: [],
};

/** Parts of core from the bottom up; a part imports only from parts below it, from itself, and types from anywhere. */
const coreRanks: Readonly<Record<string, number>> = {
  '': 0,
  secrets: 0,
  workspace: 1,
  policy: 1,
  providers: 1,
  compare: 1,
  store: 1,
  github: 1,
  modelFacts: 1,
  agent: 2,
  evidence: 2,
  engine: 3,
  workflow: 3,
};

function partOf(path: string): string {
  const [, , part = '', more] = path.split('/');
  if (part === 'engine.ts') return 'engine';
  return more === undefined ? '' : part;
}

const show = ({ from, to }: Import) => `${from} → ${to}`;
const none = (list: readonly unknown[], what: string) => assert.deepEqual(list, [], what);

describe('the architecture', () => {
  it('finds imports at all', () => {
    assert.ok(imports.length > files.length, `${imports.length} imports in ${files.length} files`);
    none(
      imports
        .filter(({ to }) => /^(src|webview-ui)\//.test(to) && !/\.(css|ttf)$/.test(to) && !sources.has(to))
        .map(show),
      'every relative import is a known file',
    );
  });

  it('has arrows between layers that run one way', () => {
    none(
      imports.filter(({ from, to }) => !allowed[layerOf(from)].includes(layerOf(to))).map(show),
      'forbidden imports',
    );
  });

  it('gives protocol and webviews only types of core', () => {
    const wrong = imports.filter(
      ({ from, to, isTypeOnly }) =>
        ['protocol', 'webview'].includes(layerOf(from)) &&
        layerOf(to) === 'core' &&
        !(isTypeOnly || ['src/core/domain.ts', 'src/core/providerId.ts'].includes(to)),
    );
    none(wrong.map(show), 'run-time imports of core');
  });

  it('lets each part of core use only what is below it', () => {
    const wrong = imports.filter(({ from, to, isTypeOnly }) => {
      if (layerOf(from) !== 'core' || layerOf(to) !== 'core' || isTypeOnly) return false;
      const [user, used] = [partOf(from), partOf(to)];
      return user !== used && (coreRanks[used] ?? 9) >= (coreRanks[user] ?? 9);
    });
    none(wrong.map(show), 'sideways or upward imports');
  });

  it('has no cycle', () => {
    const next = new Map<string, string[]>();
    for (const { from, to, isTypeOnly } of imports) {
      if (!isTypeOnly && sources.has(to)) next.set(from, [...(next.get(from) ?? []), to]);
    }
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      assert.ok(!path.includes(file), `cycle: ${[...path, file].join(' → ')}`);
      if (done.has(file)) return;
      for (const to of next.get(file) ?? []) visit(to, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
  });

  it('never names vscode in core, protocol or webviews, not even as a type', () => {
    const wrong = imports.filter(({ from, to }) => to === 'vscode' && !['vscode', 'extension'].includes(layerOf(from)));
    none(wrong.map(show), 'imports of vscode');
  });

  it('has no console and no default export', () => {
    for (const [file, text] of sources) {
      assert.doesNotMatch(text, /^\s*export default\b/m, file);
      if (file.startsWith('src/')) assert.doesNotMatch(text, /\bconsole\.\w+\(/, file);
    }
  });

  it('keeps the toolkit and the retired Google SDK behind one file each', () => {
    const users = (name: string) => [
      ...new Set(imports.filter(({ to, isTypeOnly }) => to.startsWith(name) && !isTypeOnly).map(({ from }) => from)),
    ];
    assert.equal(users('@vscode/webview-ui-toolkit').length, 1);
    assert.equal(users('@google/generative-ai').length, 1);
  });
});
