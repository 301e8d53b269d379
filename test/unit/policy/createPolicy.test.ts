import assert from 'node:assert/strict';
import { createPolicy } from '../../../src/core/policy/createPolicy.ts';
import type { Gate } from '../../../src/core/policy/policy.ts';

const policy = createPolicy({});

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

describe('policy', () => {
  it('brings a path to one spelling', () => {
    for (const spelled of ['./src/a.ts', 'src//a.ts', 'src/x/../a.ts', 'src/./a.ts', 'x/../src/a.ts']) {
      assert.deepEqual(policy.check(spelled, 'write'), { allowed: true, path: 'src/a.ts' });
    }
  });

  it('refuses what is not a path inside the folder', () => {
    const outside = ['', '.', './', 'a/..', '..', '../a', 'a/../../b', '/etc/passwd', '/', 'C:', 'c:/a', 'c:a', 'a\0b'];
    const windows = [
      '\\a',
      'a\\..\\..\\b',
      '..\\a',
      '\\\\server\\share',
      '\\\\?\\C:\\a',
      '//server/share',
      '\\\\.\\nul',
    ];
    for (const gate of ['read', 'write'] as const) {
      refuses([...outside, ...windows, '\ud800'], gate);
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
    for (const gate of ['read', 'write'] as const) {
      refuses([...aliases, ...ntfs, './/.git/config', 'a/../.git'], gate);
    }
  });

  it('allows names that only look like .git', () => {
    const names = [
      '.gitignore',
      '.gitattributes',
      '.gitmodules',
      '.github/workflows/ci.yml',
      'git',
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
    refuses(['.env.', '.env ', '.env::$DATA', '.e\u200dnv', 'ENV~1', 'a.pem.', 'server.key:x'], 'write');
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
  });

  it('refuses to write names that Windows reserves, but reads them', () => {
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
    refuses([...names, 'nul .txt', 'x?', 'a\nb', `${'x'.repeat(256)}`], 'write');
    allows(names, 'read');
    allows(
      [' CON', 'AUXi', 'CONIN', 'com0', 'conin', 'conout.c', 'lpt', 'null', 'x.CON.zip', '[id].tsx', '$a', '-x'],
      'write',
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
});
