import assert from 'node:assert/strict';
import type { PatchSecret, Run } from '../../../src/core/domain.ts';
import { secretPlaces, secretsInFile, withheldText } from '../../../webview-ui/shared/secretTexts.ts';

const run = (part: Partial<Run>) => part as Run;
const secret = (path: string, line: number): PatchSecret => ({ path, line, kind: 'GitHub token' });

describe('texts about secrets', () => {
  it('say how many were kept back, and nothing for none or for a run of before', () => {
    assert.equal(withheldText(run({ secretsWithheld: 1 })), '1 secret kept back');
    assert.equal(withheldText(run({ secretsWithheld: 12 })), '12 secrets kept back');
    assert.equal(withheldText(run({})), '');
  });

  it('name the places of one file', () => {
    const secretsInPatch = [secret('a.ts', 3), secret('b.ts', 1), secret('a.ts', 9)];
    assert.equal(
      secretPlaces(secretsInFile(run({ secretsInPatch }), 'a.ts')),
      'a.ts:3 (GitHub token)\na.ts:9 (GitHub token)',
    );
    assert.deepEqual(secretsInFile(run({ secretsInPatch }), 'c.ts'), []);
    assert.deepEqual(secretsInFile(run({}), 'a.ts'), []);
  });
});
