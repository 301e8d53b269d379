import assert from 'node:assert/strict';
import { parsePs } from '../../../src/core/evidence/command/processTable.ts';
import { groupScript, type Job } from '../../../src/core/evidence/sandbox/sandbox.ts';
import { seatbeltArguments, seatbeltProfile } from '../../../src/core/evidence/sandbox/seatbelt.ts';

const job: Job = {
  command: 'npm test -- "a b"',
  folder: '/copies/one/packages/a',
  root: '/copies/one',
  readable: ['/Users/me/project/node_modules'],
  network: false,
  variables: [],
  privateFolders: { home: '/private/var/folders/x/home', temporary: '/private/var/folders/x/tmp' },
};

/** A rule of the profile, by how it begins; they are tried on macOS only, here only read. */
const rulesOf = (profile: string, start: string) => profile.split('\n').filter((line) => line.startsWith(start));

describe('the rules for Seatbelt', () => {
  it('allow nothing that is not named', () => {
    assert.deepEqual(seatbeltProfile(job, []).split('\n').slice(0, 2), ['(version 1)', '(deny default)']);
  });

  it('have as many closing as opening parentheses outside their texts', () => {
    for (const network of [true, false]) {
      const bare = seatbeltProfile({ ...job, network }, ['/Users/me/.cargo/bin']).replace(/#?"(\\.|[^"\\])*"/g, '');
      for (const line of bare.split('\n')) {
        assert.equal(line.split('(').length, line.split(')').length, line);
      }
    }
  });

  it('let it write to the copy and its private folders only', () => {
    const own = '"/copies/one" "/private/var/folders/x/home" "/private/var/folders/x/tmp"';
    const [first, second, ...rest] = rulesOf(seatbeltProfile(job, ['/tools']), '(allow file-write*');
    assert.equal(first, `(allow file-write* (subpath ${own}))`);
    assert.match(second ?? '', /^\(allow file-write\* file-ioctl \(literal "\/dev\/null" /);
    assert.deepEqual(rest, []);
  });

  it('hide where people’s files are, and show again what it needs of them', () => {
    const rules = seatbeltProfile(job, ['/Users/me/.cargo/bin'])
      .split('\n')
      .filter((line) => line.includes('file-read'));
    assert.equal(rules[0], '(allow file-read*)');
    assert.match(
      rules[1] ?? '',
      /^\(deny file-read\* \(subpath "\/Users" .*"\/private\/var\/folders".*"\/System\/Volumes\/Data\/Users"/,
    );
    assert.equal(rules[2], '(allow file-read-metadata (vnode-type DIRECTORY))');
    assert.equal(
      rules[3],
      '(allow file-read* (subpath "/Users/me/.cargo/bin" "/Users/me/project/node_modules" "/copies/one" ' +
        '"/private/var/folders/x/home" "/private/var/folders/x/tmp"))',
    );
    assert.equal(rules.length, 4);
  });

  it('open the network only for a check that may use it, and then no socket of others', () => {
    assert.deepEqual(rulesOf(seatbeltProfile(job, []), '(allow network'), []);
    const open = seatbeltProfile({ ...job, network: true }, []);
    const rules = open.split('\n').filter((line) => /^\((allow|deny) network/.test(line));
    assert.equal(rules[0], '(allow network* system-socket)');
    assert.equal(rules[1], '(deny network-outbound (remote unix-socket))');
    assert.match(
      rules[2] ?? '',
      /^\(allow network-outbound \(literal "\/private\/var\/run\/mDNSResponder"\) \(subpath /,
    );
    assert.doesNotMatch(open, /docker|ssh-agent|securityd|SecurityServer/i);
  });

  it('tell nothing of other processes', () => {
    const profile = seatbeltProfile(job, []);
    assert.doesNotMatch(profile, /procargs|\(allow sysctl-read\)|sysctl-name-prefix "kern/);
    assert.match(profile, /\(allow process-info\* signal mach-priv-task-port \(target same-sandbox\)\)/);
  });

  it('take any path', () => {
    const profile = seatbeltProfile({ ...job, root: '/copies/a "b\\c' }, []);
    assert.ok(profile.includes('(allow file-write* (subpath "/copies/a \\"b\\\\c" '));
  });

  it('stand before the command on the command line', () => {
    const args = seatbeltArguments(job, []);
    assert.deepEqual(args.slice(0, 2), ['-p', seatbeltProfile(job, [])]);
    assert.deepEqual(args.slice(2), ['/bin/sh', '-c', groupScript, 'sh', 'npm test -- "a b"']);
  });
});

describe('a line of ps', () => {
  it('is a process', () => {
    assert.deepEqual(parsePs('  501     1   500 Ss   Thu Nov  5 10:11:12 2026  '), {
      pid: 501,
      parent: 1,
      group: 500,
      session: 0,
      start: 'Thu Nov  5 10:11:12 2026',
    });
  });

  it('is none if that has ended, or it is no such line', () => {
    assert.equal(parsePs('  501     1   500 Z    Thu Nov  5 10:11:12 2026'), undefined);
    assert.equal(parsePs(''), undefined);
  });
});
