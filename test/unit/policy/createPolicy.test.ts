import assert from 'node:assert/strict';
import { createPolicy } from '../../../src/core/policy/createPolicy.ts';
import type { Gate, Verdict } from '../../../src/core/policy/policy.ts';

const policy = createPolicy({ platform: 'linux' });
const platforms = ['linux', 'darwin', 'win32'] as const;
const policies = platforms.map((platform) => createPolicy({ platform }));
const windows = createPolicy({ platform: 'win32' });

function allows(paths: readonly string[], gate: Gate, asked = policy): void {
  for (const path of paths) {
    const verdict = asked.check(path, gate);
    assert.ok(verdict.allowed, `${JSON.stringify(path)} at ${gate}: ${verdict.allowed ? '' : verdict.reason}`);
  }
}

function refuses(paths: readonly string[], gate: Gate, asked = policy): void {
  for (const path of paths) {
    const verdict = asked.check(path, gate);
    assert.ok(!verdict.allowed, `${JSON.stringify(path)} is allowed at ${gate}`);
    assert.ok(!verdict.reason.includes('\n'), verdict.reason);
    assert.ok(verdict.reason.length < 500, verdict.reason);
  }
}

const kindOf = (verdict: Verdict) => (verdict.allowed ? undefined : verdict.kind);

describe('policy', () => {
  it('brings a path to one spelling', () => {
    for (const spelled of ['./src/a.ts', 'src//a.ts', 'src/x/../a.ts', 'src/./a.ts', 'x/../src/a.ts']) {
      assert.deepEqual(policy.check(spelled, 'write'), { allowed: true, path: 'src/a.ts' });
    }
  });

  it('refuses what is not a path inside the folder', () => {
    const outside = ['', '.', './', 'a/..', '..', '../a', 'a/../../b', '/etc/passwd', '/', '//server/share', 'a\0b'];
    const byFolding = ['a\\..\\..\\b', '..\\a', '\u2025/a', 'a/.\u200c./b', '\uff0e\uff0e\\a'];
    const tooLong = ['x'.repeat(256), `a/${'ü'.repeat(128)}/b`, 'abc/'.repeat(1100)];
    for (const asked of policies) {
      for (const gate of ['read', 'write'] as const) {
        refuses([...outside, ...byFolding, ...tooLong, '\ud800'], gate, asked);
        allows(['x'.repeat(255), '...', 'a..b', '..a'].slice(0, gate === 'write' ? 1 : 4), gate, asked);
      }
    }
  });

  it('refuses every spelling of a place on Windows there, and takes it for a name elsewhere', () => {
    const places = ['C:', 'c:/a', 'c:a', '1:a', 'é:a', '\\a', 'src\\a.ts', '\\\\server\\share'];
    const namespaces = ['\\\\?\\C:\\a', '\\\\.\\nul', '\\??\\C:\\a', '//?/C:/a'];
    for (const gate of ['read', 'write'] as const) {
      refuses([...places, ...namespaces], gate, windows);
      for (const platform of ['linux', 'darwin'] as const) {
        allows([...places, ...namespaces.slice(0, 3)], gate, createPolicy({ platform }));
      }
    }
  });

  it('refuses .git under every name a file system takes for it', () => {
    const aliases = [
      '.git',
      '.GIT/config',
      'sub/.git/hooks/x',
      '.git.',
      '.git ',
      '.git . .',
      '.g\u200cit',
      '\u206e.gIt',
    ];
    const ntfs = ['git~1', 'GIT~1/config', '.git::$INDEX_ALLOCATION/config', '.git:stream', '.git.::$DATA', '．git'];
    const folded = ['.g\u0131t', '.\u24d6it', '.git\\config', 'sub\\.GIT\\hooks\\x'];
    for (const asked of policies) {
      for (const gate of ['read', 'write'] as const) {
        refuses([...aliases, ...ntfs, ...folded, './/.git/config', 'a/../.git'], gate, asked);
      }
    }
  });

  it('allows names that only look like .git', () => {
    const names = [
      '.gitignore',
      '.gitattributes',
      '.gitmodules',
      '.github/workflows/ci.yml',
      'git',
      'gItMOD~1',
      'x.git',
      'gi~1',
      'gitu~1',
    ];
    allows([...names, '.g\u200citmodules', 'git/a'], 'write');
  });

  it('refuses secrets at any depth, in any case, and everything below a forbidden folder', () => {
    const secrets = ['.env', 'a/b/.ENV', '.env.local', 'app/.env.production', 'id.key', 'a/Server.PEM', 'x.secret'];
    for (const gate of ['snapshot', 'read', 'write'] as const) {
      refuses([...secrets, '.env/bin/python', 'certs.key/readme.md'], gate);
    }
    const aliases = ['.env.', '.env ', '.env::$DATA', '.e\u200dnv', 'ENV~1', 'a.pem.', 'server.key:x', 'a\\.env'];
    for (const asked of policies) refuses([...aliases, 'SERVER~1.SEC'], 'write', asked);
    allows(['.envrc', 'env', 'environment.ts', 'keyboard.ts', 'key', 'pem.md', 'a.keys'], 'write');
  });

  it('allows templates of secrets unless a pattern names them', () => {
    const templates = ['.env.example', 'app/.env.sample', '.ENV.template'];
    allows(templates, 'snapshot');
    allows(templates, 'write');
    refuses(['.env.example'], 'write', createPolicy({ forbidden: ['.env.example'] }));
  });

  it('anchors a pattern with a slash at the folder and takes globs', () => {
    const own = createPolicy({ forbidden: ['config/secrets', '/private', 'a/**/*.txt', 'logs/', 'deep/*.{crt,p12}'] });
    refuses(
      ['config/secrets', 'CONFIG/Secrets/x.json', 'private/x', 'a/b.txt', 'a/b/c.txt', 'deep/x.p12'],
      'read',
      own,
    );
    refuses(['logs', 'logs/today', 'x/logs/today', '.git/config'], 'read', own);
    allows(['x/config/secrets', 'x/private', 'b/a/b.txt', 'deep/er/x.p12'], 'read', own);
    const aliases = [
      'config/secrets.',
      'config /SECRETS::$DATA',
      'con\u200cfig/secrets/x',
      'config\\secrets',
      'private.:x',
    ];
    refuses(aliases, 'write', own);
    allows(aliases, 'snapshot', own);
  });

  it('takes a pattern as people write paths on Windows', () => {
    const own = createPolicy({ forbidden: ['config\\secrets', 'logs\\'], platform: 'win32' });
    refuses(['config/secrets/x', 'Logs/today'], 'snapshot', own);
    allows(['x/config/secrets', 'configsecrets'], 'snapshot', own);
  });

  it('knows a pattern by its short name and in another normal form', () => {
    const own = createPolicy({ forbidden: ['top secret.json', 'Caf\u00e9'], platform: 'linux' });
    refuses(['TOPSEC~1.JSO', 'topsec~12.jso/x', 'cafe\u0301'], 'write', own);
    refuses(['cafe\u0301', 'a/CAFE\u0301/b', 'Top Secret.json'], 'snapshot', own);
    allows(['topsec~1.txt', 'topse~1.jso', 'cafe'], 'write', own);
  });

  it('refuses to write names that Windows reserves there, but reads them, and takes them elsewhere', () => {
    const names = [
      'CON',
      'aux.c',
      'nul.a.b',
      'COM1',
      'lpt9.txt',
      'conin$',
      'a/PRN/b',
      'win32.',
      'win32 ',
      'file:x',
      'a*b',
      'a|b',
    ];
    const more = ['nul .txt', 'x?', 'a\nb', 'LPT\u00b2', 'progra~1', 'a/LONGNA~2.TXT'];
    refuses([...names, ...more], 'write', windows);
    allows([...names, ...more], 'read', windows);
    for (const platform of ['linux', 'darwin'] as const) {
      allows([...names, ...more], 'write', createPolicy({ platform }));
    }
    allows(
      [' CON', 'AUXi', 'CONIN', 'com0', 'conin', 'conout.c', 'lpt', 'null', 'x.CON.zip', '[id].tsx', '$a', '-x', 'a~b'],
      'write',
      windows,
    );
  });

  it('never refuses an odd but legal name of a real file at the snapshot', () => {
    allows(['CON', 'a:b', 'a\\b', 'x ', 'x.', 'a\nb', '"', '*', '…', 'file::$DATA', ' '], 'snapshot');
    refuses(['.git/config', 'x/.git', '.env'], 'snapshot');
  });

  it('lets a task with a scope change only that folder, and read everything', () => {
    const scoped = createPolicy({ scope: './packages/app/' });
    allows(['packages/app/a.ts', 'packages/x/../app/a.ts'], 'write', scoped);
    refuses(
      ['a.ts', 'packages/app', 'packages/apple/a.ts', 'packages/app/../b.ts', 'packages/app/.env'],
      'write',
      scoped,
    );
    allows(['a.ts', 'packages/apple/a.ts'], 'read', scoped);
    allows(['a.ts'], 'snapshot', scoped);
    assert.throws(() => createPolicy({ forbidden: [], scope: '../x' }), /scope/);
  });

  it('says why in words a model can act on', () => {
    const verdict = policy.check('.env', 'read');
    assert.ok(!verdict.allowed && verdict.reason.includes('forbidden pattern ".env"'));
  });

  it('names the kind of rule', () => {
    const scoped = createPolicy({ scope: 'src', platform: 'win32', maxFileBytes: 10 });
    const kinds = ['.env', '../x', 'a.ts', 'src/aux', 'src/a.ts'].map((path) => kindOf(scoped.check(path, 'write')));
    assert.deepEqual(kinds, [
      'forbidden path',
      'outside the folder',
      'outside the scope',
      'not a possible name',
      undefined,
    ]);
    assert.deepEqual(
      [10, 11].map((bytes) => kindOf(scoped.checkSize('src/a.ts', bytes))),
      [undefined, 'too large'],
    );
  });
});
