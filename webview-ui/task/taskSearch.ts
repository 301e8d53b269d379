import type { TaskSummary } from '../../src/core/domain.ts';

/** The tasks that have every word of a query in their title or their scope, in any order and case. */
export function matchingTasks(tasks: readonly TaskSummary[], query: string): readonly TaskSummary[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return tasks;
  return tasks.filter(({ title, scope = '' }) => {
    const text = `${title}\n${scope}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}
