import assert from 'node:assert/strict';
import { CheckConsents } from '../../../src/core/evidence/checks/checkConsents.ts';
import { entryOf, parseChecks } from '../../../src/core/evidence/checks/checkSetting.ts';
import type { Check } from '../../../src/core/evidence.ts';
import { problem } from '../workspace/sandbox.ts';

const test: Check = { name: 'test', command: 'npm test', timeoutSeconds: 600 };

describe('parseChecks', () => {
  it('reads what is complete, and fills in the time', () => {
    const whole = { name: 'b', command: 'x', folder: './a//b/', timeout: 5, report: 'r/*.xml', network: true };
    const { checks, problems } = parseChecks({ workspace: [{ name: ' test ', command: 'npm test' }, whole] });
    assert.deepEqual(problems, []);
    assert.deepEqual(checks, [
      test,
      { name: 'b', command: 'x', folder: 'a/b', timeoutSeconds: 5, report: 'r/*.xml', network: true },
    ]);
  });

  it('takes the level closest to the folder as a whole', () => {
    const levels = { user: [{ name: 'u', command: 'x' }], workspace: [{ name: 'w', command: 'x' }] };
    const names = (value: object) => parseChecks(value).checks.map(({ name }) => name);
    assert.deepEqual(names(levels), ['w']);
    assert.deepEqual(names({ ...levels, folder: [] }), []);
    assert.deepEqual(names({ user: levels.user }), ['u']);
    assert.deepEqual(parseChecks({}), { checks: [], problems: [] });
  });

  const wrong: readonly (readonly [unknown, RegExp])[] = [
    [{ command: 'x' }, /Check 1 in `dursor.checks` of the user settings is left out: it has no `name`\.$/],
    [{ name: 'a\u202eb', command: 'x' }, /Check 1 \(“a b”\) .*`name` has a character that can’t be seen/],
    [{ name: 'a\u2028b', command: 'x' }, /more than one line/],
    [{ name: 'a' }, /Check 1 \(“a”\) .* it has no `command`\.$/],
    [{ name: 'a', command: ' ' }, /`command` is empty/],
    [{ name: 'a', command: 1 }, /`command` has to be a text/],
    [{ name: 'a', command: 'x', folder: '../b' }, /`folder` leads out of the folder/],
    [{ name: 'a', command: 'x', folder: '/b' }, /`folder` has to be relative/],
    [{ name: 'a', command: 'x', report: 'C:/b' }, /`report` has to be relative/],
    [{ name: 'a', command: 'x', report: 'a\\b' }, /forward slashes/],
    [{ name: 'a', command: 'x', timeout: 0 }, /`timeout` has to be between/],
    [{ name: 'a', command: 'x', timeout: '5' }, /`timeout` has to be a number of seconds/],
    [{ name: 'a', command: 'x', network: 'no' }, /`network` has to be true or false/],
    [{ name: 'a', command: 'x', cwd: 'b' }, /it has `cwd`, which is none of/],
    ['npm test', /it has to be an object/],
    [null, /it has to be an object/],
  ];
  for (const [entry, words] of wrong) {
    it(`says what is wrong with ${JSON.stringify(entry)}`, () => {
      const { checks, problems } = parseChecks({ user: [entry, { name: 'good', command: 'x' }] });
      assert.deepEqual(
        checks.map(({ name }) => name),
        ['good'],
      );
      assert.match(problems.join(), words);
    });
  }

  it('refuses a second check of one name, and what is no list', () => {
    const twice = parseChecks({ user: [test, test].map(entryOf) });
    assert.equal(twice.checks.length, 1);
    assert.match(twice.problems.join(), /Check 2 \(“test”\).*another one has its name/);
    assert.match(parseChecks({ folder: 'npm test', user: [entryOf(test)] }).problems.join(), /has to be a list/);
  });

  it('reads back what it wrote', () => {
    const check: Check = { ...test, folder: 'a', timeoutSeconds: 7, report: 'r', network: false };
    assert.deepEqual(parseChecks({ user: [entryOf(check)] }).checks, [check]);
    assert.deepEqual(entryOf(test), { name: 'test', command: 'npm test' });
  });
});

describe('consent to checks', () => {
  let kept: readonly string[];
  let consents: CheckConsents;
  beforeEach(() => {
    kept = [];
    consents = new CheckConsents({
      read: () => kept,
      write: async (list) => {
        kept = list;
      },
    });
  });

  it('is missing until it was given, and stays', async () => {
    assert.deepEqual(consents.missing('/a', [test]), [test]);
    assert.throws(() => consents.assertAgreed('/a', test), problem('check-not-agreed', /npm test.*\/a/));
    await consents.agree('/a', [test]);
    assert.deepEqual(consents.missing('/a', [test]), []);
    consents.assertAgreed('/a', { ...test, name: 'other name' });
    await consents.agree('/a', [test]);
    assert.equal(kept.length, 1);
  });

  const changes: readonly Partial<Check>[] = [
    { command: 'npm test ' },
    { folder: 'sub' },
    { report: 'r.xml' },
    { network: true },
    { timeoutSeconds: 86_400 },
  ];
  for (const change of changes) {
    it(`is asked for again with ${JSON.stringify(change)}`, async () => {
      await consents.agree('/a', [test]);
      assert.throws(() => consents.assertAgreed('/a', { ...test, ...change }), problem('check-not-agreed'));
    });
  }

  it('holds in no other folder, and can be taken back', async () => {
    await consents.agree('/a', [test]);
    for (const folder of ['/b', '/a/sub', '/', '/A']) {
      assert.throws(() => consents.assertAgreed(folder, test), problem('check-not-agreed'));
    }
    await consents.agree('/a', [{ ...test, command: 'one before' }]);
    await consents.agree('/b', [test]);
    assert.deepEqual([consents.count('/a'), consents.count('/b'), consents.count()], [2, 1, 3]);
    await consents.revoke('/a');
    assert.throws(() => consents.assertAgreed('/a', test), problem('check-not-agreed'));
    consents.assertAgreed('/b', test);
    await consents.revoke();
    assert.equal(consents.count(), 0);
    assert.throws(() => consents.assertAgreed('/b', test), problem('check-not-agreed'));
  });

  it('of one check can’t be read as that of another', async () => {
    await consents.agree('/a', [{ ...test, folder: 'x', report: '' }]);
    assert.throws(() => consents.assertAgreed('/a', { ...test, folder: '', report: 'x' }), problem('check-not-agreed'));
  });
});
