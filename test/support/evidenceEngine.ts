import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CandidateId, RoundId, RunId } from '../../src/core/domain.ts';
import type { EvidenceSettings } from '../../src/core/engine/engineHost.ts';
import type { Check, RoundEvidence } from '../../src/core/evidence.ts';
import { type Script, TestEngine, testSettings } from './testEngine.ts';

/** A test's engine whose checks are agreed to, without a sandbox unless it says otherwise. */
export class EvidenceEngine extends TestEngine {
  /** May be changed at any time. */
  settings: EvidenceSettings;

  constructor(scripts: Record<string, Script>, settings: Partial<EvidenceSettings> = {}) {
    super(scripts, {
      settings: () => ({ ...testSettings, evidence: this.settings }),
    });
    this.settings = { ...testSettings.evidence, sandbox: 'none', ...settings };
  }

  agree(checks: readonly Check[] = this.settings.checks): Promise<void> {
    return this.engine.evidence.agree(this.folder, checks);
  }

  evidence(id: RoundId): RoundEvidence {
    return this.engine.evidence.of(id);
  }

  /** The verdicts of a candidate by its checks' names. */
  verdicts(id: RoundId, candidate: CandidateId): Readonly<Record<string, string | undefined>> {
    const own = this.evidence(id).candidates.find((each) => each.candidate === candidate);
    return Object.fromEntries(own?.checks.map(({ check, verdict }) => [check, verdict?.verdict]) ?? []);
  }

  /** Waits until nothing runs, and the candidates are ranked. */
  async known(id: RoundId): Promise<RoundEvidence> {
    await this.until(() => {
      const { isChecking, isReviewing, candidates } = this.evidence(id);
      return !isChecking && !isReviewing && candidates.length > 0 && candidates.every(({ marks }) => marks);
    });
    return this.evidence(id);
  }

  /** The ids of a round's runs, in their order. */
  ids(id: RoundId): readonly RunId[] {
    return this.runs(id).map((run) => run.id);
  }

  /** What is in the storage of checks. */
  checkFolders(): readonly string[] {
    const directory = join(this.storage, 'checks');
    return existsSync(directory) ? readdirSync(directory) : [];
  }
}

/** A check of a name that runs a shell command. */
export function shell(name: string, command: string, more: Partial<Check> = {}): Check {
  return { name, command, timeoutSeconds: 60, ...more };
}
