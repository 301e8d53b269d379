import { lstat, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, UserError } from '../problem.ts';
import { gitHubWorkflow, type WorkflowChoices, workflowChecks, workflowPaths } from './gitHubWorkflow.ts';

/** A file that the workflow needs, and how it stands in the repository: not there, there as it is to be, or there as something else. */
export interface WorkflowFile {
  /** From the top of the repository. */
  readonly path: string;
  readonly text: string;
  readonly state: 'new' | 'same' | 'other';
}

/** The texts that come with dursor. */
export interface WorkflowSources {
  readonly template: string;
  readonly commandLine: string;
}

/** What there is to be written into a repository. Writes nothing. Throws `UserError` (`folder-failed`) where a link is in the way. */
export async function planWorkflow(
  top: string,
  { template, commandLine }: WorkflowSources,
  choices: WorkflowChoices,
): Promise<readonly WorkflowFile[]> {
  const texts = {
    [workflowPaths.workflow]: gitHubWorkflow(template, choices),
    [workflowPaths.checks]: workflowChecks(choices.checks),
    [workflowPaths.commandLine]: commandLine,
  };
  return Promise.all(
    Object.entries(texts).map(async ([path, text]): Promise<WorkflowFile> => {
      await assertNoLink(top, path);
      const there = await readText(join(top, path));
      return { path, text, state: there === undefined ? 'new' : there === text ? 'same' : 'other' };
    }),
  );
}

/** Writes files of a plan; what has come there since as another file stays. Throws `UserError` (`folder-failed`). */
export async function writeWorkflow(top: string, files: readonly WorkflowFile[]): Promise<void> {
  for (const { path, text, state } of files) {
    await assertNoLink(top, path);
    await mkdir(dirname(join(top, path)), { recursive: true });
    await writeFile(join(top, path), text, { flag: state === 'new' ? 'wx' : 'w' }).catch((error: unknown) => {
      throw notWritten(path, error);
    });
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

function notWritten(path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  return new UserError({
    code: 'folder-failed',
    message:
      code === 'EEXIST'
        ? `${path} has come there in the meantime, and was not replaced. Run the command again to see what would be.`
        : `${path} could not be written (${code}). Make room for it, then try again.`,
  });
}

/** Through a link something outside of the repository would be written. */
async function assertNoLink(top: string, path: string): Promise<void> {
  const parts = path.split('/');
  for (const [index] of parts.entries()) {
    const part = parts.slice(0, index + 1).join('/');
    const found = await lstat(join(top, part)).catch(() => undefined);
    if (!found?.isSymbolicLink()) continue;
    throw new UserError({
      code: 'folder-failed',
      message: `${part} is a symbolic link, so the workflow was not written: it would end up elsewhere. Make it a real file or folder, then try again.`,
    });
  }
}
