import assert from 'node:assert/strict';
import { EvidenceEngine, shell } from '../../support/evidenceEngine.ts';
import { writer } from '../../support/testEngine.ts';
import { processesWith } from '../evidence/commands.ts';

describe('an agreement that is taken back', function () {
  this.timeout(60_000);
  const number = `7${Date.now()}`;
  const slow = shell('slow', `sleep ${number}`, { timeoutSeconds: 600 });
  let test: EvidenceEngine;

  before(function () {
    if (process.platform !== 'linux') this.skip();
  });
  beforeEach(() => {
    test = new EvidenceEngine({ a: writer('a.txt', 'a\n') }, { checks: [slow] });
  });
  afterEach(() => test?.dispose());

  for (const isEverywhere of [false, true]) {
    it(`ends what runs by it, ${isEverywhere ? 'everywhere' : 'in its folder only'}`, async () => {
      await test.agree();
      const id = await test.round('Go', ['a']);
      const { evidence } = test.engine;
      await evidence.runChecks(id);
      await test.until(() => processesWith(number).length > 0);
      await evidence.revoke('/elsewhere');
      assert.ok(processesWith(number).length > 0);
      assert.equal(await evidence.agreedCount(test.folder), 1);
      await evidence.revoke(isEverywhere ? undefined : test.folder);
      await test.until(() => processesWith(number).length === 0 && !test.evidence(id).isChecking);
      assert.equal(await evidence.agreedCount(), 0);
      await assert.rejects(evidence.runChecks(id), /you have not agreed/);
      await test.until(() => test.checkFolders().length === 0);
    });
  }
});
