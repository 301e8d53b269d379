import assert from 'node:assert/strict';
import type { FileMode } from '../../../src/core/domain.ts';
import { createPolicy } from '../../../src/core/policy/createPolicy.ts';
import type { PatchedChange, PatchedFile } from '../../../src/core/policy/policy.ts';

const platforms = ['linux', 'darwin', 'win32'] as const;

function kindsOf(change: PatchedChange, settings = {}): readonly (string | undefined)[] {
  return platforms.map((platform) => {
    const verdict = createPolicy({ ...settings, platform }).checkChange(change);
    return verdict.allowed ? undefined : verdict.kind;
  });
}

function everywhere(change: PatchedChange, kind: string | undefined, settings = {}): void {
  assert.deepEqual(kindsOf(change, settings), [kind, kind, kind], JSON.stringify(change));
}

const file = (path: string, mode: FileMode = '100644'): PatchedFile => ({ path, mode });
const link = (path: string, linkTarget: string): PatchedChange => ({ after: { path, mode: '120000', linkTarget } });

describe('what a patch may contain', () => {
  it('lets files be added, changed, renamed, deleted and made executable', () => {
    everywhere({ after: file('a/b.ts') }, undefined);
    everywhere({ base: file('a'), after: file('a') }, undefined);
    everywhere({ base: file('a'), after: file('b') }, undefined);
    everywhere({ base: file('a') }, undefined);
    everywhere({ base: file('a'), after: file('a', '100755') }, undefined);
  });

  it('asks about both paths of a rename, and about the path of a deletion', () => {
    everywhere({ base: file('.env'), after: file('settings.ts') }, 'forbidden path');
    everywhere({ base: file('settings.ts'), after: file('.git/hooks/post-checkout', '100755') }, 'forbidden path');
    everywhere({ base: file('keys/id.pem') }, 'forbidden path');
    everywhere({ base: file('src/a'), after: file('b') }, 'outside the scope', { scope: 'src' });
    everywhere({ base: file('b'), after: file('src/a') }, 'outside the scope', { scope: 'src' });
    everywhere({ base: file('../a'), after: file('a') }, 'outside the folder');
    everywhere({}, 'not a possible name');
  });

  it('takes no path that git would not have spelled so', () => {
    for (const path of ['./a', 'a//b', 'a/../b', 'a/']) everywhere({ after: file(path) }, 'not a possible name');
  });

  it('refuses names on the system that can not hold them', () => {
    assert.deepEqual(kindsOf({ after: file('src/aux.c') }), [undefined, undefined, 'not a possible name']);
    assert.deepEqual(kindsOf({ after: file('src/a:b') }), [undefined, undefined, 'not a possible name']);
  });

  it('leaves submodules alone', () => {
    const module = file('lib', '160000');
    for (const change of [
      { after: module },
      { base: module },
      { base: module, after: module },
      { base: file('lib'), after: module },
      { base: module, after: file('lib') },
    ]) {
      everywhere(change, 'another repository');
    }
  });

  it('refuses a mode that no file has', () => {
    everywhere({ after: file('a', '040000' as FileMode) }, 'not a possible name');
  });

  it('lets a link lead to a path in the folder', () => {
    for (const target of ['b', './b', 'c/d', '../b', '..', '../x y', '...a', 'missing']) {
      everywhere(link('a/link', target), undefined);
    }
    everywhere({ base: file('link', '120000') }, undefined);
  });

  it('lets no link lead out of the folder in any spelling', () => {
    const absolute = ['/etc/passwd', '//server/x', '\\x', '\\\\server\\x', 'C:\\x', 'c:x', '1:', '\\\\?\\C:\\x'];
    const relative = [
      '../../x',
      '../../..',
      '..\\..\\x',
      '..//../x',
      '.. /.. ',
      '.../../..',
      '\u2025/\u2025',
      '../.\\../x',
    ];
    for (const target of [...absolute, ...relative]) everywhere(link('a/link', target), 'symbolic link');
    everywhere(link('link', '..'), 'symbolic link');
  });

  it('lets no link go up again after a name, which may be a link itself', () => {
    everywhere(link('a/link', 'b/../c'), 'symbolic link');
    everywhere(link('a/link', 'b\\..\\c'), 'symbolic link');
  });

  it('lets no link lead into what is forbidden', () => {
    const targets = ['.git', '../.git/config', '.GIT', 'git~1', '../.env', 'b/key.pem', '..\\.git', '.g\u200cit/x'];
    for (const target of targets) everywhere(link('a/link', target), 'symbolic link');
    everywhere(link('a/link', '../private/x'), 'symbolic link', { forbidden: ['/private'] });
    everywhere(link('a/link', 'b'), undefined, { forbidden: ['/private'] });
  });

  it('lets no link be without a target that can be read', () => {
    everywhere({ after: file('link', '120000') }, 'symbolic link');
    for (const target of ['', 'a\0b', '\ud800']) everywhere(link('link', target), 'symbolic link');
  });

  it('lets no link stand for a file that steers git, under any of its names', () => {
    const names = ['.gitmodules', '.GitAttributes', 'sub/.gitignore', '.mailmap'];
    const aliases = ['.gitmodules ', '.gitignore::$DATA', '.git\u200cmodules', 'GITMOD~1', 'gitatt~4', 'MAILMA~1'];
    const hashed = ['gi7eba~1', 'gi7d29~9', 'gi250a~1', 'maba30~1', 'gi7eb~10', 'GI7E~100', 'g~100000', '~1000000'];
    for (const name of [...names, ...aliases, ...hashed]) {
      assert.ok(!kindsOf(link(name, 'x')).includes(undefined), name);
    }
    for (const name of ['.gitmodule', 'gitmodules', 'x.gitmodules', 'gitmod1', 'gi7ebb~1', 'gi7eb~1', '~1']) {
      assert.equal(kindsOf(link(name, 'x'))[0], undefined, name);
    }
    everywhere({ base: file('.gitmodules'), after: file('.gitmodules') }, undefined);
  });

  it('takes a file that becomes a link for a link that is made', () => {
    const after: PatchedFile = { path: 'a', mode: '120000', linkTarget: '/etc/passwd' };
    everywhere({ base: file('a'), after }, 'symbolic link');
    everywhere({ base: { ...after, linkTarget: 'b' }, after: file('a') }, undefined);
  });

  it('names the file and the rule', () => {
    const verdict = createPolicy({}).checkChange(link('a/link', '../../x'));
    assert.ok(!verdict.allowed);
    assert.equal(verdict.reason, '"a/link" is a symbolic link that leads out of the folder, or may do so.');
  });
});
