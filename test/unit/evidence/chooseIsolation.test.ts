import assert from 'node:assert/strict';
import type { Availability } from '../../../src/core/evidence/sandbox/availability.ts';
import { chooseIsolation, type SandboxSetting } from '../../../src/core/evidence/sandbox/chooseIsolation.ts';
import type { Sandbox } from '../../../src/core/evidence/sandbox/sandbox.ts';
import { UserError } from '../../../src/core/problem.ts';

const works = (sandbox: Sandbox): Availability => ({ sandbox, works: true });
const fails = (sandbox: Sandbox, reason: string): Availability => ({ sandbox, works: false, reason });

const bubblewrap: Sandbox = { isolation: 'bubblewrap' };
const docker: Sandbox = { isolation: 'docker', image: 'tools:1' };
const podman: Sandbox = { isolation: 'podman', image: 'tools:1' };
const none: Sandbox = { isolation: 'none' };

function problemWith(setting: SandboxSetting, available: readonly Availability[]) {
  try {
    const { isolation } = chooseIsolation(setting, available);
    return assert.fail(`It chose ${isolation}`);
  } catch (error) {
    assert.ok(error instanceof UserError);
    assert.equal(error.problem.code, 'no-sandbox');
    assert.deepEqual(error.problem.action, { type: 'open-settings', setting: 'dursor.sandbox' });
    return error.problem.message;
  }
}

describe('the choice of a sandbox', () => {
  it('is the system’s own where it works', () => {
    assert.equal(chooseIsolation('auto', [works(bubblewrap), works(docker), works(none)]), bubblewrap);
    assert.equal(chooseIsolation('os', [works(bubblewrap), works(docker), works(none)]), bubblewrap);
  });

  it('is a container where the system has none', () => {
    assert.equal(chooseIsolation('auto', [fails(bubblewrap, 'no'), works(docker), works(none)]), docker);
    assert.equal(chooseIsolation('auto', [fails(bubblewrap, 'no'), fails(docker, 'no'), works(podman)]), podman);
  });

  it('is a container where the user wants one, Podman too', () => {
    assert.equal(chooseIsolation('docker', [works(bubblewrap), works(docker), works(podman)]), docker);
    assert.equal(chooseIsolation('docker', [works(bubblewrap), fails(docker, 'no'), works(podman)]), podman);
  });

  it('is none only where the user says so', () => {
    assert.equal(chooseIsolation('none', [works(bubblewrap), works(none)]), none);
    for (const setting of ['auto', 'os', 'docker'] as const) {
      problemWith(setting, [fails(bubblewrap, 'no'), fails(docker, 'no'), works(none)]);
      problemWith(setting, [works(none)]);
    }
  });

  it('says what went wrong and what to do', () => {
    assert.equal(
      problemWith('auto', [fails(bubblewrap, 'bwrap was not found.'), works(none)]),
      'Checks were not run, as there is no sandbox for them on this machine (bubblewrap: bwrap was not found). Install bubblewrap ' +
        'with your package manager and let your user make user namespaces, set `dursor.sandbox` to `docker` and ' +
        '`dursor.sandboxImage` to an image that has your tools, or set `dursor.sandbox` to `none` to run them unprotected.',
    );
    assert.equal(
      problemWith('docker', [
        works(bubblewrap),
        fails(docker, 'no engine'),
        fails(podman, 'podman was not found'),
        works(none),
      ]),
      'Checks were not run, as there is no sandbox for them on this machine (docker: no engine; podman: podman was not found). ' +
        'Start Docker or Podman, and pull the image, or set `dursor.sandbox` to `none` to run them unprotected.',
    );
    assert.equal(
      problemWith('os', [works(none)]),
      'Checks were not run, as there is no sandbox for them on this machine. Choose another `dursor.sandbox`: set `dursor.sandbox` ' +
        'to `docker` and `dursor.sandboxImage` to an image that has your tools, or set `dursor.sandbox` to `none` to run them unprotected.',
    );
  });
});
