import { leadOf } from './linkTarget.ts';
import { controlFileOf } from './nameAliases.ts';
import type { PatchedChange, PatchedFile, Policy, Refusal, Verdict } from './policy.ts';
import { allow, refuse } from './verdicts.ts';

/** Checks one file of a patch: both of its paths, what it is, and where it leads. */
export function checkChange({ base, after }: PatchedChange, policy: Pick<Policy, 'check'>): Verdict {
  const listed = after ?? base;
  if (!listed) {
    return refuse('not a possible name', '', 'is a change of no file.');
  }
  for (const file of [base, after]) {
    const problem = file && (problemOfPath(file.path, policy) ?? problemOfMode(file));
    if (problem) {
      return problem;
    }
  }
  return (after?.mode === '120000' ? problemOfLink(after, policy) : undefined) ?? allow(listed.path);
}

function problemOfPath(path: string, policy: Pick<Policy, 'check'>): Refusal | undefined {
  const verdict = policy.check(path, 'write');
  if (!verdict.allowed) {
    return verdict;
  }
  // Git writes one spelling; another one was made by hand.
  return verdict.path === path ? undefined : refuse('not a possible name', path, 'is not how a patch spells a path.');
}

function problemOfMode({ path, mode }: PatchedFile): Refusal | undefined {
  switch (mode) {
    case '100644':
    case '100755':
    case '120000':
      return undefined;
    case '160000':
      return refuse('another repository', path, 'is a submodule; a patch may not add, change or remove one.');
    default:
      mode satisfies never;
      return refuse('not a possible name', path, 'is neither a file nor a symbolic link.');
  }
}

function problemOfLink({ path, linkTarget }: PatchedFile, policy: Pick<Policy, 'check'>): Refusal | undefined {
  const link = (rule: string) => refuse('symbolic link', path, rule);
  const controlFile = controlFileOf(path.slice(path.lastIndexOf('/') + 1));
  if (controlFile !== undefined) {
    return link(`is a symbolic link in the place of ${controlFile}, which steers git; it must be a file.`);
  }
  if (linkTarget === undefined) {
    return link('is a symbolic link whose target can not be read.');
  }
  const lead = leadOf(path, linkTarget);
  if (!lead.ok) {
    return link(lead.rule);
  }
  for (const components of lead.readings) {
    const verdict = components.length === 0 ? undefined : policy.check(components.join('/'), 'read');
    if (verdict && !verdict.allowed) {
      return link(`is a symbolic link to what is not allowed: ${verdict.reason}`);
    }
  }
  return undefined;
}
