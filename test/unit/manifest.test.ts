import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

interface Setting {
  readonly scope?: string;
  readonly markdownDescription?: string;
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    readonly configuration: readonly { readonly properties: Readonly<Record<string, Setting>> }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>;
  };
}

const root = resolve(import.meta.dirname, '../..');
const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const shell = globSync(['src/extension.ts', 'src/vscode/**/*.ts'], { cwd: root })
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('\n');
const settings = contributes.configuration.flatMap(({ properties }) => Object.entries(properties));
const smallWords = new Set([
  'a',
  'an',
  'and',
  'as',
  'for',
  'from',
  'in',
  'of',
  'on',
  'or',
  'the',
  'to',
  'with',
  'dursor',
]);

describe('the manifest', () => {
  it('names each command once, in category dursor, in Title Case', () => {
    const ids = contributes.commands.map(({ command }) => command);
    assert.deepEqual(ids, [...new Set(ids)]);
    for (const { command, title, category } of contributes.commands) {
      assert.equal(category, 'dursor', command);
      for (const word of title.split(' '))
        assert.ok(smallWords.has(word) || /^[A-Z]/.test(word), `${command}: ${title}`);
    }
  });

  it('has every command registered by the shell', () => {
    for (const { command } of contributes.commands) {
      const name = command.slice('dursor.'.length);
      assert.match(shell, new RegExp(`['"\`](dursor\\.)?${name}['"\`]|\\b${name}\\s*[:(]`), command);
    }
  });

  it('shows no command in a menu that it does not have', () => {
    const ids = new Set(contributes.commands.map(({ command }) => command));
    for (const [menu, entries] of Object.entries(contributes.menus)) {
      for (const { command } of entries)
        assert.ok(!command.startsWith('dursor.') || ids.has(command), `${menu}: ${command}`);
    }
  });

  it('has every setting read somewhere, with a scope and a description', () => {
    assert.ok(settings.length > 0);
    for (const [id, { scope, markdownDescription }] of settings) {
      const name = id.slice('dursor.'.length);
      const isFamily = /^providers\.\w+\.baseUrl$/.test(name) && shell.includes(`providers.\${id}.baseUrl`);
      assert.ok(isFamily || shell.includes(`'${name}'`), `${id} is read`);
      assert.ok(scope && markdownDescription, id);
    }
  });

  it('lets no workspace say where keys are sent, or what is pushed without a click', () => {
    const hosts = settings.filter(
      ([id]) =>
        /url$/i.test(id) || ['models', 'github.appId', 'github.pushVerified'].includes(id.slice('dursor.'.length)),
    );
    assert.ok(hosts.length >= 5);
    for (const [id, { scope }] of hosts) assert.equal(scope, 'application', id);
  });

  it('lets no workspace weaken the sandbox, spend tokens, or give agents commands', () => {
    const scopes = new Map(settings.map(([id, { scope }]) => [id, scope]));
    for (const name of ['sandbox', 'sandboxImage', 'checks.parallel']) {
      assert.equal(scopes.get(`dursor.${name}`), 'machine', name);
    }
    for (const name of ['checks.agent', 'review.whenDone', 'review.models']) {
      assert.equal(scopes.get(`dursor.${name}`), 'application', name);
    }
  });
});
