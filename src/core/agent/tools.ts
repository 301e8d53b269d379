import type { ToolSpec } from '../providers/provider.ts';
import { applyPatch } from './tools/applyPatch.ts';
import { deleteFile } from './tools/deleteFile.ts';
import { editFile } from './tools/editFile.ts';
import { finish } from './tools/finish.ts';
import { listFiles } from './tools/listFiles.ts';
import { moveFile } from './tools/moveFile.ts';
import { readFile } from './tools/readFile.ts';
import { type AgentChecks, runCheck } from './tools/runCheck.ts';
import { search } from './tools/search.ts';
import type { Tool } from './tools/tool.ts';
import { writeFile } from './tools/writeFile.ts';

const tools: readonly Tool[] = [
  listFiles,
  readFile,
  search,
  editFile,
  applyPatch,
  writeFile,
  moveFile,
  deleteFile,
  finish,
];

/** What a model is told about the tools it has. */
export const toolSpecs: readonly ToolSpec[] = tools.map((tool) => tool.spec);

/** The tool of that name, if there is one. */
export function findTool(name: string): Tool | undefined {
  return tools.find((tool) => tool.spec.name === name);
}

/** The tools of a run: with `run_check` where there are checks that it may run. */
export function toolsWith(checks: AgentChecks | undefined): readonly Tool[] {
  return checks && checks.names.length > 0 ? [...tools.slice(0, -1), runCheck(checks), finish] : tools;
}
