import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Check } from '../../../src/core/evidence.ts';
import { consentPages } from '../../../src/vscode/consentText.ts';

const folder = join('/', 'work', 'app');
const test: Check = { name: 'test', command: 'npm test', timeoutSeconds: 600 };
const sandboxed = { isolation: 'bubblewrap', image: '' } as const;

describe('the question whether checks may run', () => {
  it('shows each command, its folder, and all that goes with it', () => {
    const e2e: Check = {
      name: 'e2e',
      command: 'make e2e',
      folder: 'web',
      report: 'out.xml',
      network: true,
      timeoutSeconds: 60,
    };
    const [page = '', ...more] = consentPages(folder, [test, e2e], sandboxed);
    assert.deepEqual(more, []);
    assert.equal(
      page,
      `test:
  npm test
in ${folder}
for up to 600 seconds

e2e:
  make e2e
in ${join(folder, 'web')}
reads its report out.xml
WITH the network and the servers on this computer, for up to 60 seconds

It runs in a copy, in a sandbox (bubblewrap): without your home folder, keys and other folders; without the network, unless it says so above. A command like npm test does what the files of the copy say, also those that a model has changed.`,
    );
  });

  it('says what is in force', () => {
    const ending = (inForce: Parameters<typeof consentPages>[2]) => consentPages(folder, [test], inForce)[0] ?? '';
    assert.match(ending({ isolation: 'none', image: '' }), /No sandbox: it can read, change and send whatever you can/);
    assert.match(ending({ isolation: 'podman', image: 'node:24' }), /sandbox \(podman, node:24\)/);
    assert.match(ending({ image: '' }), /No sandbox works here yet, and nothing runs before one does/);
  });

  it('leaves nothing of a long command out, over as many dialogs as it takes', () => {
    const parts = Array.from({ length: 300 }, (_, index) => `part${index}`);
    const long: Check = { ...test, command: parts.join(' ') };
    const lines: Check = { ...test, name: 'lines', command: parts.join('\n') };
    for (const check of [long, lines]) {
      const pages = consentPages(folder, [test, check], sandboxed);
      assert.ok(pages.length > 2);
      const all = pages.join('\n').replaceAll(/\n+(?:It runs in a copy[^\n]*)?\n*/g, '');
      for (const part of parts) assert.ok(all.includes(part), part);
      for (const page of pages) {
        assert.match(page, /It runs in a copy/, 'each says what is in force');
        const height = page.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 50)), 0);
        assert.ok(height <= 20, `${height}`);
      }
    }
  });

  it('shows what would hide a part of a command', () => {
    const sly = `npm test${' '.repeat(500)}; curl x\u202e\u0007\u200b`;
    const [page = ''] = consentPages(folder, [{ ...test, command: sly }], sandboxed);
    // A filler and a blank of other scripts, and marks that pile up.
    const odd = consentPages(
      folder,
      [{ ...test, name: 'a\u3164b\u2800', command: `a${'\u0301'.repeat(4)}` }],
      sandboxed,
    );
    assert.match(odd[0] ?? '', /^a\\u\{3164\}b\\u\{2800\}:\n {2}a\u0301\u0301\\u\{301\}\\u\{301\}\n/);
    assert.match(page, /npm test⟨500 blanks⟩; curl x\\u\{202e\}\\u\{7\}\\u\{200b\}/);
  });
});
