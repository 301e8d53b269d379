import type { LanguageRegistration } from '@shikijs/core';

/** Brings in the grammar of a language, with those that it embeds before it. */
export type LanguageLoader = () => Promise<{ readonly default: LanguageRegistration[] }>;

/** The languages that are coloured, each a chunk of its own. */
const loaders: Readonly<Record<string, LanguageLoader>> = {
  bat: () => import('@shikijs/langs/bat'),
  c: () => import('@shikijs/langs/c'),
  clojure: () => import('@shikijs/langs/clojure'),
  cpp: () => import('@shikijs/langs/cpp'),
  csharp: () => import('@shikijs/langs/csharp'),
  css: () => import('@shikijs/langs/css'),
  dart: () => import('@shikijs/langs/dart'),
  diff: () => import('@shikijs/langs/diff'),
  docker: () => import('@shikijs/langs/docker'),
  elixir: () => import('@shikijs/langs/elixir'),
  go: () => import('@shikijs/langs/go'),
  graphql: () => import('@shikijs/langs/graphql'),
  groovy: () => import('@shikijs/langs/groovy'),
  haskell: () => import('@shikijs/langs/haskell'),
  html: () => import('@shikijs/langs/html'),
  ini: () => import('@shikijs/langs/ini'),
  java: () => import('@shikijs/langs/java'),
  javascript: () => import('@shikijs/langs/javascript'),
  json: () => import('@shikijs/langs/json'),
  jsonc: () => import('@shikijs/langs/jsonc'),
  jsx: () => import('@shikijs/langs/jsx'),
  kotlin: () => import('@shikijs/langs/kotlin'),
  less: () => import('@shikijs/langs/less'),
  lua: () => import('@shikijs/langs/lua'),
  make: () => import('@shikijs/langs/make'),
  markdown: () => import('@shikijs/langs/markdown'),
  'objective-c': () => import('@shikijs/langs/objective-c'),
  perl: () => import('@shikijs/langs/perl'),
  php: () => import('@shikijs/langs/php'),
  powershell: () => import('@shikijs/langs/powershell'),
  proto: () => import('@shikijs/langs/proto'),
  python: () => import('@shikijs/langs/python'),
  r: () => import('@shikijs/langs/r'),
  ruby: () => import('@shikijs/langs/ruby'),
  rust: () => import('@shikijs/langs/rust'),
  scala: () => import('@shikijs/langs/scala'),
  scss: () => import('@shikijs/langs/scss'),
  shellscript: () => import('@shikijs/langs/shellscript'),
  sql: () => import('@shikijs/langs/sql'),
  svelte: () => import('@shikijs/langs/svelte'),
  swift: () => import('@shikijs/langs/swift'),
  terraform: () => import('@shikijs/langs/terraform'),
  toml: () => import('@shikijs/langs/toml'),
  tsx: () => import('@shikijs/langs/tsx'),
  typescript: () => import('@shikijs/langs/typescript'),
  vue: () => import('@shikijs/langs/vue'),
  xml: () => import('@shikijs/langs/xml'),
  yaml: () => import('@shikijs/langs/yaml'),
};

/** VS Code's names that are not those of the grammars. */
const languageIds: Readonly<Record<string, string>> = {
  dockercompose: 'yaml',
  dockerfile: 'docker',
  dotenv: 'ini',
  'git-commit': 'diff',
  'github-actions-workflow': 'yaml',
  javascriptreact: 'jsx',
  jsonl: 'json',
  makefile: 'make',
  properties: 'ini',
  proto3: 'proto',
  snippets: 'jsonc',
  typescriptreact: 'tsx',
};

/** File endings, and names of files that have none, by grammar; for what VS Code has no name of. */
const endings: Readonly<Record<string, string>> = {
  bat: 'bat cmd',
  c: 'c h',
  clojure: 'clj cljs',
  cpp: 'cc cpp cxx hh hpp',
  csharp: 'cs',
  css: 'css',
  dart: 'dart',
  diff: 'diff patch',
  docker: 'dockerfile',
  elixir: 'ex exs',
  go: 'go',
  graphql: 'gql graphql',
  groovy: 'gradle groovy',
  haskell: 'hs',
  html: 'htm html',
  ini: 'cfg ini properties',
  java: 'java',
  javascript: 'cjs js mjs',
  json: 'json',
  jsonc: 'json5 jsonc',
  jsx: 'jsx',
  kotlin: 'kt kts',
  less: 'less',
  lua: 'lua',
  make: 'makefile mk',
  markdown: 'markdown md mdx',
  'objective-c': 'm mm',
  perl: 'pl pm',
  php: 'php',
  powershell: 'ps1 psm1',
  proto: 'proto',
  python: 'py pyi',
  r: 'r',
  ruby: 'gemfile gemspec rake rakefile rb',
  rust: 'rs',
  scala: 'sbt scala',
  scss: 'scss',
  shellscript: 'bash sh zsh',
  sql: 'sql',
  svelte: 'svelte',
  swift: 'swift',
  terraform: 'tf tfvars',
  toml: 'toml',
  tsx: 'tsx',
  typescript: 'cts mts ts',
  vue: 'vue',
  xml: 'csproj plist svg xml xsd xsl',
  yaml: 'yaml yml',
};

/** The grammar for a file, by VS Code's name of its language or else by its path; absent for a language that stays plain. */
export function languageFor(id: string | undefined, path: string): string | undefined {
  const named = id === undefined ? undefined : (languageIds[id] ?? id);
  if (named !== undefined && Object.hasOwn(loaders, named)) return named;
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const ending = name.slice(name.lastIndexOf('.') + 1);
  return Object.keys(endings).find((language) => endings[language]?.split(' ').includes(ending));
}

/** Loads a grammar that `languageFor` named. */
export function loaderOf(language: string): LanguageLoader | undefined {
  return Object.hasOwn(loaders, language) ? loaders[language] : undefined;
}
