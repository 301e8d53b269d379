import { delimiter, isAbsolute } from 'node:path';

/** The variables of a process by name. */
export type Environment = Readonly<Record<string, string>>;

/** Where a command's own folders are, as it sees them. */
export interface OwnFolders {
  readonly home: string;
  readonly temporary: string;
}

/** Where tool chains are that aren't found through PATH. Each names a folder. */
export const toolVariables = ['JAVA_HOME', 'GOROOT', 'DOTNET_ROOT', 'PYENV_ROOT', 'RUSTUP_HOME'] as const;

/** What programs on Windows don't start without. */
const windowsVariables = [
  'SystemRoot',
  'SystemDrive',
  'windir',
  'ComSpec',
  'PATHEXT',
  'ProgramFiles',
  'ProgramFiles(x86)',
  'ProgramData',
  'NUMBER_OF_PROCESSORS',
  'PROCESSOR_ARCHITECTURE',
  'OS',
];

/** The same in every sandbox, also in one that has a system of its own. */
export function commonEnvironment(own: OwnFolders): Environment {
  const language = process.env.LANG;
  return {
    LANG: language && /utf-?8$/i.test(language) ? language : 'C.UTF-8',
    ...(process.env.TZ ? { TZ: process.env.TZ } : {}),
    TERM: 'dumb',
    CI: 'true',
    HOME: own.home,
    TMPDIR: own.temporary,
  };
}

/**
 * All that a command gets of our environment: nothing but what is listed here, and `variables`, which the user has named. So no key,
 * no agent's socket and no variable of the editor reaches it.
 */
export function commandEnvironment(own: OwnFolders, variables: readonly string[]): Environment {
  const windows = process.platform === 'win32';
  return {
    ...valuesOf([...variables, ...toolVariables, ...(windows ? windowsVariables : [])]),
    ...commonEnvironment(own),
    ...(windows
      ? { USERPROFILE: own.home, APPDATA: own.home, LOCALAPPDATA: own.home, TEMP: own.temporary, TMP: own.temporary }
      : {}),
    PATH: searchPath().join(delimiter),
  };
}

/** Those of our variables that are set, of the given names. */
export function valuesOf(names: readonly string[]): Environment {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** The folders of PATH, each once; one that depends on where a command runs would be the patch's to fill. */
export function searchPath(): readonly string[] {
  return [...new Set((process.env.PATH ?? '').split(delimiter).filter((folder) => isAbsolute(folder)))];
}
