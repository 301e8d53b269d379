import { parseChecks } from '../core/evidence/checks/checkSetting.ts';
import type { Check } from '../core/evidence.ts';
import { UsageError } from './exitCode.ts';
import { readJson } from './models.ts';

/** The checks of a JSON file that holds what the setting `dursor.checks` does. To name it is to agree to them. Throws `UsageError`. */
export async function readChecks(path: string | undefined): Promise<readonly Check[]> {
  if (path === undefined) return [];
  const { checks, problems } = parseChecks({ user: await readJson(path, '--checks') });
  if (problems.length === 0) return checks;
  throw new UsageError(
    problems.map((problem) => problem.replace('`dursor.checks` of the user settings', path)).join(' '),
  );
}
