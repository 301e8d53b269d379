import { type Call, Refusal } from './calls.ts';
import type { BranchRule, Repository } from './model.ts';

/** The rules that hold for a branch. */
export function rulesFor(repository: Repository, branch: string): readonly BranchRule[] {
  return Object.entries(repository.rules).flatMap(([pattern, rules]) => (matches(pattern, branch) ? rules : []));
}

/** Throws what GitHub answers when a rule forbids that a ref (`heads/main`) is made, moved or removed. */
export function assertRulesAllow({ repository }: Call, ref: string, action: 'creation' | 'update' | 'deletion'): void {
  if (!ref.startsWith('heads/')) return;
  const branch = ref.slice('heads/'.length);
  for (const { type, parameters } of rulesFor(repository, branch)) {
    if (type === action)
      throw violation(
        `Cannot ${{ creation: 'create', update: 'update', deletion: 'delete' }[action]} ref due to ${action}s being restricted.`,
      );
    if (type === 'pull_request' && action === 'update') throw violation('Changes must be made through a pull request.');
    if (type === 'branch_name_pattern' && action === 'creation' && !hasNameOf(parameters, branch)) {
      throw violation('Branch name does not match the required pattern.');
    }
  }
}

function violation(what: string): Refusal {
  return new Refusal(422, `Repository rule violations found\n\n${what}\n\n`);
}

function hasNameOf(parameters: object | undefined, branch: string): boolean {
  const {
    operator,
    pattern = '',
    negate = false,
  } = (parameters ?? {}) as Record<string, string> & { negate?: boolean };
  const holds = {
    starts_with: branch.startsWith(pattern),
    ends_with: branch.endsWith(pattern),
    contains: branch.includes(pattern),
    regex: operator === 'regex' && new RegExp(pattern).test(branch),
  }[operator ?? 'contains'];
  return holds !== negate;
}

function matches(pattern: string, branch: string): boolean {
  const source = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`).test(branch);
}
