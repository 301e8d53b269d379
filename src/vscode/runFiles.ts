import * as vscode from 'vscode';
import type { CandidateId, FileVersion, ObjectName } from '../core/domain.ts';
import type { Engine } from '../core/engine.ts';
import { FlatFiles } from './flatFiles.ts';

/** The scheme of files as a candidate's patch names them. */
export const runFileScheme = 'dursor';

/** A file of a candidate, as it left it or as it was before. */
export interface RunFile {
  readonly candidate: CandidateId;
  /** What the file is called over all candidates: its path in the base, or the new one. */
  readonly key: string;
  readonly side: 'base' | 'after';
}

/** Where VS Code finds one version of a file; without a version, an empty file at `path` that stands for "not there". */
export function runFileUri(file: RunFile, path: string, version: FileVersion | undefined): vscode.Uri {
  const { candidate, key, side } = file;
  const query = new URLSearchParams({ run: candidate, key, side, ...(version && { blob: version.blob }) });
  return vscode.Uri.from({ scheme: runFileScheme, path: `/${version?.path ?? path}`, query: query.toString() });
}

/** Whose file it is that a URI of this scheme shows; undefined for one that was not made here. */
export function runFileOf(uri: vscode.Uri): RunFile | undefined {
  const query = new URLSearchParams(uri.query);
  const [candidate, key] = [query.get('run'), query.get('key')];
  if (uri.scheme !== runFileScheme || !candidate || key === null) return undefined;
  return { candidate: candidate as CandidateId, key, side: query.get('side') === 'base' ? 'base' : 'after' };
}

/** The version that a URI of this scheme stands for; undefined for an empty file. */
export function blobIn(uri: vscode.Uri): ObjectName | undefined {
  return (new URLSearchParams(uri.query).get('blob') ?? undefined) as ObjectName | undefined;
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
    const candidate = new URLSearchParams(uri.query).get('run');
    const blob = blobIn(uri);
    if (!candidate) throw vscode.FileSystemError.FileNotFound(uri);
    if (!blob) return new Uint8Array();
    try {
      return await this.#engine.readBlob(candidate as CandidateId, blob);
    } catch {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
  }

  override writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
}
