import * as vscode from 'vscode';
import type { FileVersion, ObjectName, RunId } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import { FlatFiles } from './flatFiles.ts';

/** The scheme of files as a run's patch names them. */
export const runFileScheme = 'dursor';

/** Where VS Code finds one version of a file; without a version, an empty file that stands for "not there". */
export function runFileUri(runId: RunId, path: string, version: FileVersion | undefined): vscode.Uri {
  const query = new URLSearchParams({ run: runId, ...(version && { blob: version.blob }) });
  return vscode.Uri.from({ scheme: runFileScheme, path: `/${path}`, query: query.toString() });
}

/** Read-only files out of a task's object store. A URI names a blob, so what it stands for never changes. */
export class RunFiles extends FlatFiles {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    super();
    this.#engine = engine;
  }

  override async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { length } = await this.readFile(uri);
    return {
      type: vscode.FileType.File,
      ctime: 0,
      mtime: 0,
      size: length,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  override async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const query = new URLSearchParams(uri.query);
    const [run, blob] = [query.get('run'), query.get('blob')];
    if (!run) throw vscode.FileSystemError.FileNotFound(uri);
    if (!blob) return new Uint8Array();
    try {
      return await this.#engine.readBlob(run as RunId, blob as ObjectName);
    } catch {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
  }

  override writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
}
