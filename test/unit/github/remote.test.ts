import assert from 'node:assert/strict';
import { gitHubRemotes, parseRemote } from '../../../src/core/github/remote.ts';

const cloud = 'https://api.github.com';

describe('A remote of GitHub', () => {
  const github: readonly string[] = [
    'https://github.com/octo-cat/hello.world',
    'https://github.com/octo-cat/hello.world.git',
    'https://github.com/octo-cat/hello.world/',
    'https://user@github.com/octo-cat/hello.world.git',
    'https://user:secret@github.com:443/octo-cat/hello.world.git',
    'https://www.github.com/octo-cat/hello.world',
    'HTTPS://GitHub.com/octo-cat/hello.world.git',
    'http://github.com/octo-cat/hello.world.git',
    'ssh://git@github.com/octo-cat/hello.world.git',
    'ssh://git@github.com:22/octo-cat/hello.world',
    'ssh://git@ssh.github.com:443/octo-cat/hello.world.git',
    'git+ssh://git@github.com/octo-cat/hello.world.git',
    'git@github.com:octo-cat/hello.world.git',
    'git@github.com:/octo-cat/hello.world.git',
    'github.com:octo-cat/hello.world',
    'org-1234@github.com:octo-cat/hello.world.git',
    'git://github.com/octo-cat/hello.world.git',
    '  https://github.com/octo-cat/hello.world.git\n',
  ];
  for (const url of github) {
    it(`is read from ${url.trim()}`, () => {
      assert.deepEqual(parseRemote(url), {
        host: 'github.com',
        owner: 'octo-cat',
        name: 'hello.world',
        isAlias: false,
      });
    });
  }

  it('keeps the host of an enterprise server, without its port', () => {
    assert.equal(parseRemote('https://GHE.example.com:8443/o/r.git')?.host, 'ghe.example.com');
    assert.equal(parseRemote('git@ghe.example.com:o/r.git')?.host, 'ghe.example.com');
  });

  it('knows an ssh alias by its host without a dot', () => {
    assert.deepEqual(parseRemote('git@github-work:o/r'), { host: 'github-work', owner: 'o', name: 'r', isAlias: true });
    assert.equal(parseRemote('ssh://git@work/o/r.git')?.isAlias, true);
    assert.equal(parseRemote('http://localhost:3000/o/r.git')?.isAlias, false);
  });

  const others: readonly string[] = [
    '',
    '.',
    '..',
    '../other',
    '/srv/git/o/r.git',
    './o/r',
    'o/r',
    'file:///srv/git/r.git',
    'C:\\code\\r',
    'C:/code/r',
    'c:o/r',
    '\\\\server\\share\\r',
    'https://github.com/',
    'https://github.com/o',
    'https://github.com/o/r/tree/main',
    'git@github.com:r.git',
    'https://github.com/o/..',
    'https://github.com/o/%2e%2e',
    'https://github.com/o%2Fx/r',
    'git@github.com:o/r?x=1',
    'git@github.com:o/.git',
    'ext::sh -c whoami',
    'ftp://github.com/o/r',
    'https://',
    'git@:o/r',
  ];
  for (const url of others) {
    it(`is not read from ${JSON.stringify(url)}`, () => assert.equal(parseRemote(url), undefined));
  }
});

describe('The repositories that a pull request may go to', () => {
  const facts = (remotes: Record<string, string>, upstream?: { remote: string; branch: string }) => ({
    remotes: Object.entries(remotes).map(([name, url]) => ({ name, url })),
    history: [],
    ...(upstream && { upstream }),
  });
  const three = {
    fork: 'git@github.com:me/r.git',
    origin: 'https://github.com/team/r.git',
    other: 'https://github.com/x/r',
  };

  it('are all that parse: the upstream first, then origin', () => {
    const owners = (...args: Parameters<typeof facts>) =>
      gitHubRemotes(facts(...args), cloud).map(({ owner }) => owner);
    assert.deepEqual(owners(three, { remote: 'other', branch: 'main' }), ['x', 'team', 'me']);
    assert.deepEqual(owners(three), ['team', 'me', 'x']);
    assert.deepEqual(gitHubRemotes(facts({ local: '../r', x: 'https://github.com/x/r' }), cloud), [
      { remote: 'x', owner: 'x', name: 'r' },
    ]);
    assert.deepEqual(owners({}), []);
  });

  it('are named once, however many remotes lead to them', () => {
    const twice = { ssh: 'git@github.com:Team/R.git', origin: 'https://github.com/team/r' };
    const remotes = (upstream?: string) =>
      gitHubRemotes(facts(twice, upstream ? { remote: upstream, branch: 'main' } : undefined), cloud);
    assert.deepEqual(
      remotes().map(({ remote }) => remote),
      ['origin'],
    );
    assert.deepEqual(
      remotes('ssh').map(({ remote }) => remote),
      ['ssh'],
    );
  });

  it('are not at other hosts', () => {
    const mixed = { origin: 'https://gitlab.com/a/r.git', backup: 'git@github.com:b/r.git' };
    assert.equal(gitHubRemotes(facts(mixed), cloud)[0]?.owner, 'b');
    assert.equal(gitHubRemotes(facts({ origin: 'https://github.com.evil.example/a/r' }), cloud)[0], undefined);
    assert.equal(gitHubRemotes(facts({ origin: 'https://github.com@evil.example/a/r' }), cloud)[0], undefined);
  });

  it('belong to the API address', () => {
    const at = (url: string, api: string) => gitHubRemotes(facts({ origin: url }), api)[0]?.owner;
    assert.equal(at('git@ghe.example.com:o/r', 'https://ghe.example.com/api/v3'), 'o');
    assert.equal(at('git@ghe.example.com:o/r', 'https://ghe.example.com:8443/api/v3/'), 'o');
    assert.equal(at('git@github.com:o/r', 'https://ghe.example.com/api/v3'), undefined);
    assert.equal(at('https://sub.ghe.com/o/r', 'https://api.sub.ghe.com'), 'o');
    assert.equal(at('https://other.ghe.com/o/r', 'https://api.sub.ghe.com'), undefined);
    assert.equal(at('https://sub.ghe.com/o/r', cloud), undefined);
    assert.equal(at('git@work:o/r', cloud), 'o');
    assert.equal(at('https://work/o/r', cloud), undefined);
    assert.equal(at('https://github.com/o/r', 'http://127.0.0.1:4000'), 'o');
    assert.equal(at('https://github.com/o/r', 'http://localhost:4000'), 'o');
    assert.equal(at('https://github.com/o/r', 'not an address'), undefined);
  });
});
