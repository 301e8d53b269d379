import * as vscode from 'vscode';

interface ContributedLanguage {
  readonly id: string;
  readonly extensions: readonly string[];
  readonly filenames: readonly string[];
}

/** VS Code's names of languages, by what extensions say that files of theirs are called. */
export class FileLanguages {
  readonly #subscription = vscode.extensions.onDidChange(() => {
    this.#names = undefined;
  });
  #names: ReadonlyMap<string, string> | undefined;

  dispose(): void {
    this.#subscription.dispose();
  }

  /** What an editor of the file says, else what its name says; undefined where nobody knows. */
  of(path: string): string | undefined {
    const open = vscode.workspace.textDocuments.find(({ uri }) => uri.path.endsWith(`/${path}`));
    return open?.languageId ?? this.#byName(path.slice(path.lastIndexOf('/') + 1).toLowerCase());
  }

  /** By the whole name, or its longest ending: `.d.ts` before `.ts`. */
  #byName(name: string): string | undefined {
    this.#names ??= namesOf(vscode.extensions.all.flatMap((extension) => contributedBy(extension.packageJSON)));
    for (let at = name.length > 0 ? 0 : -1; at >= 0; at = name.indexOf('.', at + 1)) {
      const language = this.#names.get(name.slice(at));
      if (language !== undefined) return language;
    }
    return undefined;
  }
}

/** Languages by whole file names and by endings with their dot. The first to claim one has it. */
function namesOf(languages: readonly ContributedLanguage[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { id, extensions, filenames } of languages) {
    for (const name of [...extensions, ...filenames]) if (!names.has(name)) names.set(name.toLowerCase(), id);
  }
  return names;
}

/** Manifests are anybody's: what has another shape is left out. */
function contributedBy(manifest: unknown): readonly ContributedLanguage[] {
  const languages = property(property(manifest, 'contributes'), 'languages');
  if (!Array.isArray(languages)) return [];
  return languages.flatMap((language: unknown) => {
    const id = property(language, 'id');
    if (typeof id !== 'string') return [];
    return [
      { id, extensions: texts(property(language, 'extensions')), filenames: texts(property(language, 'filenames')) },
    ];
  });
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}
