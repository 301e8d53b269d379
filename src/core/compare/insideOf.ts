/** So far up is looked for what a line is in. */
const maxDistance = 3000;
/** Longer lines are data, or made by a program. */
const maxLength = 400;

/** Files in which something like a function that is indented would be found by accident. */
const proseOrData =
  /\.(?:md|mdx|markdown|txt|rst|adoc|jsonc?|json5|ya?ml|toml|ini|cfg|lock|csv|tsv|xml|svg|html?|css|scss|less)$/i;
/** Languages where a function begins with the type of what it returns. */
const typeFirst = /\.(?:c|cc|cpp|cxx|h|hh|hpp|hxx|m|mm|java|cs|dart|groovy)$/i;

const modifiers = String.raw`(?:(?:export|default|declare|public|private|protected|internal|abstract|final|static|sealed|partial|data|open|override|virtual|async|readonly|extern|inline|unsafe|const|suspend|tailrec|operator|local|accessor|get|set|pub(?:\([^)]*\))?)\s+)*`;
const typeHeader = new RegExp(
  String.raw`^${modifiers}(class|interface|struct|enum(?: class)?|union|trait|impl|mod|module|namespace|object|record|protocol|extension|actor|defmodule)\s+((?:<[^>]*>\s*)?[\w$.:]+(?:<[^>]*>)?(?: for [\w$.:]+)?)`,
);
const goType = /^type\s+(\w+)(?:\[[^\]]*\])?\s+(struct|interface)\b/;
const functionHeader = new RegExp(
  String.raw`^${modifiers}(?:function\b\s*\*?|def[pm]?|defmacro|fn|func|fun|sub|proc)\s*(?:\([^)]*\)\s*|<[^>]*>\s*)?([\w$.]+[?!]?)`,
);
const functionValue = new RegExp(
  String.raw`^${modifiers}(?:(?:let|var|val)\s+)?(?:this\.)?([\w$#]+)\s*(?::[^=]*)?=\s*(?:async\s*)?(?:function\b|(?:<[^>]*>\s*)?\(.*=>|\($|[\w$]+\s*=>)`,
);
/** A method, with all of its parameters in the line. */
const method = new RegExp(
  String.raw`^${modifiers}\*?\s*([#\w$]+)\s*(?:<[^>]*>)?\((?:[^'"\`]|'[^']*'|"[^"]*")*\)\s*(?::[^{]+)?\{$`,
);
const typedFunction =
  /^(?:[\w<>,:&*[\].?~@]+\s+)+[*&]*([\w:~]+)\s*\([^;=]*$|^(?:[\w<>,:&*[\].?~@]+\s+)+[*&]*([\w:~]+)\s*\([^;]*\)[^;=]*\{.*$/;
/** What looks like a function and isn't. */
const statement =
  /^(?:\}?\s*(?:if|else|for|foreach|while|switch|catch|do|try|with|return|new|throw|await|yield|using|lock|when|match|unless|until|case|elif|except|assert|delete|import|from|goto|function|super|describe|it|test)\b)/;

/**
 * The name of the function or class that a line is in, found by indentation and common keywords: `send()`, `class Queue`. `at` counts from 0.
 * Undefined where there is none, or none is found near.
 */
export function insideOf(lines: readonly string[], at: number, path: string): string | undefined {
  if (proseOrData.test(path)) return undefined;
  let first = at;
  while (first < lines.length && first - at < 20 && isBlank(lines[first])) first++;
  let depth = indentOf(lines[first] ?? '') + (isCloser(lines[first]) || first >= lines.length ? 1 : 0);
  const own = nameIn(lines[first] ?? '', path);
  if (own) return own;
  // What ends a list of parameters may be met before the line that begins it.
  let opened: string | undefined;
  for (let line = first - 1; line >= 0 && first - line < maxDistance && depth > 0; line--) {
    const text = lines[line] ?? '';
    if (isBlank(text) || text.length > maxLength) continue;
    const indent = indentOf(text);
    if (indent >= depth) continue;
    if (isCloser(text) || text.trim() === '{') {
      depth = indent + 1;
      opened = /^\s*\).*[{:]\s*$/.test(text) ? text.trim() : undefined;
      continue;
    }
    const name = nameIn(opened === undefined ? text : `${text.trimEnd()}${opened}`, path);
    if (name) return name;
    depth = indent;
    opened = undefined;
  }
  return undefined;
}

function nameIn(line: string, path: string): string | undefined {
  const text = line.slice(0, maxLength).trim();
  const type = typeHeader.exec(text);
  if (type) return `${type[1]} ${type[2]}`;
  const go = goType.exec(text);
  if (go) return `${go[2]} ${go[1]}`;
  const named = functionHeader.exec(text)?.[1] ?? functionValue.exec(text)?.[1];
  if (named) return `${named}()`;
  if (statement.test(text)) return undefined;
  const typed = typeFirst.test(path) ? typedFunction.exec(text) : undefined;
  const name = method.exec(text)?.[1] ?? typed?.[1] ?? typed?.[2];
  return name && `${name}()`;
}

function isBlank(line: string | undefined): boolean {
  return line === undefined || line.trim() === '';
}

/** A line that ends what began further up at the same indentation. */
function isCloser(line: string | undefined): boolean {
  return /^\s*(?:[)\]}]|end\b)/.test(line ?? '');
}

/** A tab counts as four columns. */
function indentOf(line: string): number {
  let indent = 0;
  for (const character of line) {
    if (character === ' ') indent++;
    else if (character === '\t') indent += 4;
    else break;
  }
  return indent;
}
