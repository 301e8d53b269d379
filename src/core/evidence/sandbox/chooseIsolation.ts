import type { Isolation } from '../../evidence.ts';
import { UserError } from '../../problem.ts';
import type { Availability } from './availability.ts';
import type { Sandbox } from './sandbox.ts';

/** The setting `dursor.sandbox`. */
export type SandboxSetting = 'auto' | 'docker' | 'os' | 'none';

const accepted: Readonly<Record<SandboxSetting, readonly Isolation[]>> = {
  auto: ['bubblewrap', 'seatbelt', 'docker', 'podman'],
  docker: ['docker', 'podman'],
  os: ['bubblewrap', 'seatbelt'],
  none: ['none'],
};

/**
 * The sandbox that checks run in. `auto` is the system's own where it works, since there the user's tools are at hand; then a
 * container, if an image is set for it. Only `none` is ever `none`. Throws `UserError` (`no-sandbox`) that says what to install or set.
 */
export function chooseIsolation(setting: SandboxSetting, available: readonly Availability[]): Sandbox {
  const fitting = available.filter(({ sandbox }) => accepted[setting].includes(sandbox.isolation));
  const chosen = fitting.find(({ works }) => works);
  if (chosen) return chosen.sandbox;
  const failures = fitting.flatMap((one) => (one.works ? [] : [`${one.sandbox.isolation}: ${one.reason}`]));
  throw new UserError({
    code: 'no-sandbox',
    message: `Checks were not run, as there is no sandbox for them on this machine${
      failures.length > 0 ? ` (${failures.map(withoutStop).join('; ')})` : ''
    }. ${adviceFor(setting, available)}`,
    action: { type: 'open-settings', setting: 'dursor.sandbox' },
    detail: failures.join('\n'),
  });
}

const withoutStop = (sentence: string) => sentence.replace(/\.$/, '');

function adviceFor(setting: SandboxSetting, available: readonly Availability[]): string {
  const has = (isolation: Isolation) => available.some(({ sandbox }) => sandbox.isolation === isolation);
  const container = has('docker')
    ? 'start Docker or Podman, and pull the image'
    : 'set `dursor.sandbox` to `docker` and `dursor.sandboxImage` to an image that has your tools';
  const system = has('bubblewrap')
    ? 'Install bubblewrap with your package manager and let your user make user namespaces'
    : undefined;
  const unprotected = 'or set `dursor.sandbox` to `none` to run them unprotected';
  switch (setting) {
    case 'docker':
      return `${capital(container)}, ${unprotected}.`;
    case 'os':
      return system ? `${system}, ${unprotected}.` : `Choose another \`dursor.sandbox\`: ${container}, ${unprotected}.`;
    default:
      return system ? `${system}, ${container}, ${unprotected}.` : `${capital(container)}, ${unprotected}.`;
  }
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
