import { execFileSync } from 'node:child_process';
import type { ObjectName } from '../../../src/core/domain.ts';
import { cleanEnvironment } from '../../../src/core/workspace/gitProcess.ts';
import type { SourceEntry, TreeSource } from '../../../src/core/workspace/workspace.ts';

/** The objects of a repository on this machine, as a server would give them; `asked` grows by each that was asked for. */
export function repositorySource(folder: string): TreeSource & { readonly asked: ObjectName[] } {
  const asked: ObjectName[] = [];
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: folder, env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  return {
    asked,
    async readTree(tree): Promise<readonly SourceEntry[]> {
      asked.push(tree);
      const lines = git('ls-tree', '-z', tree).toString('utf8').split('\0').slice(0, -1);
      return lines.map((line) => {
        const [, mode = '', object = '', name = ''] = /^(\d+) \w+ (\w+)\t(.*)$/s.exec(line) ?? [];
        return { mode, name, object: object as ObjectName };
      });
    },
    async readBlob(blob) {
      asked.push(blob);
      return git('cat-file', 'blob', blob);
    },
  };
}
