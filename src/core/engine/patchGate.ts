import type { FileChange, FileVersion, ObjectName } from '../domain.ts';
import type { PatchedFile, Policy, Refusal } from '../policy/policy.ts';
import { UserError } from '../problem.ts';

/** The bytes of a blob of the task's storage. */
export type ReadBlob = (blob: ObjectName) => Promise<Uint8Array>;

/**
 * Asks the policy about every file of a patch: when a run's patch is taken, and again at the last moment before it leaves
 * dursor's own storage. Throws `UserError` (`refused-by-policy`) that names the file and the rule.
 */
export async function assertPatchAllowed(
  changes: readonly FileChange[],
  policy: Policy,
  readLinkTarget: ReadBlob,
): Promise<void> {
  for (const { base, after } of changes) {
    const verdict = policy.checkChange({
      ...(base && { base }),
      ...(after && { after: await withTarget(after, readLinkTarget) }),
    });
    if (!verdict.allowed) throw refused(verdict);
  }
}

/** Asks about one path that is to be written outside a run's patch. Throws like `assertPatchAllowed`. */
export function assertPathAllowed(path: string, policy: Policy): void {
  const verdict = policy.check(path, 'write');
  if (!verdict.allowed) throw refused(verdict);
}

async function withTarget(version: FileVersion, readLinkTarget: ReadBlob): Promise<PatchedFile> {
  const { path, mode, blob } = version;
  if (mode !== '120000') return { path, mode };
  const linkTarget = decodeTarget(await readLinkTarget(blob));
  return { path, mode, ...(linkTarget !== undefined && { linkTarget }) };
}

function decodeTarget(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function refused({ kind, reason }: Refusal): UserError {
  return new UserError({
    code: 'refused-by-policy',
    refusal: kind,
    message: `The patch is not allowed: ${reason} None of it was used. Make it again without that, or choose another candidate.`,
  });
}
