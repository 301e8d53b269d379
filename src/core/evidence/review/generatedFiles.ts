/** Lock files and what is minified: nobody reads them line by line. */
const names =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock|Cargo\.lock|poetry\.lock|uv\.lock|pdm\.lock|Pipfile\.lock|composer\.lock|Gemfile\.lock|mix\.lock|flake\.lock|go\.sum|gradle\.lockfile|packages\.lock\.json)$|\.min\.(?:js|css|mjs)$|\.(?:js|css|mjs)\.map$/;

/** Whether a file is one that a tool writes from others, by its path. */
export function isWrittenByTools(path: string): boolean {
  return names.test(path);
}
