/** What is looked at of a folder; neither link nor folder is followed out of it. */
export interface FolderView {
  readonly platform: NodeJS.Platform;
  /** What is directly in it, files and folders alike; or in a folder of it. Nothing for what is no folder. */
  names(folder?: string): Promise<readonly string[]>;
  /** The text of a file by its path in the folder; undefined where there is none, or none that can be read. */
  read(path: string): Promise<string | undefined>;
}

/** What a check is about. */
export type CheckKind = 'types' | 'lint' | 'build' | 'test';

/** A check that could be run, before anybody agreed to it. */
export interface Suggestion {
  readonly kind: CheckKind;
  /** The file that it was found in, for people. */
  readonly from: string;
  readonly name: string;
  readonly command: string;
  readonly report?: string;
  readonly network?: boolean;
}

/** A folder whose names are known. Paths are relative to it. */
export interface KnownFolder extends Pick<FolderView, 'platform' | 'read'> {
  /** The folder that it is a part of. */
  readonly outer?: KnownFolder;
  has(...names: readonly string[]): boolean;
  /** The first of the names that is there. */
  first(...names: readonly string[]): string | undefined;
  readonly all: readonly string[];
}

/** Where checks write reports that have no place of their own. */
export const reportFile = 'dursor-report.xml';
