/** What an expression can be about: `github.event.number` is `contexts.github.event.number`. */
export type Contexts = Readonly<Record<string, unknown>>;

/** What has happened to the jobs or steps before. */
export interface Course {
  readonly isFailed: boolean;
}

type Value = string | number | boolean | null | object;

const token = /\s*(?:('(?:[^']|'')*')|(\d+)|(==|!=|&&|\|\||!|\(|\)|,)|([A-Za-z_][\w-]*(?:\.[\w-]+)*))/y;

/** Evaluates the part of GitHub's expressions that workflows here use. Throws for anything else. */
export function evaluate(text: string, contexts: Contexts, course: Course): Value {
  const tokens = tokensOf(text);
  let at = 0;
  const take = (wanted: string): boolean => {
    if (tokens[at] !== wanted) return false;
    at++;
    return true;
  };
  const or = (): Value => {
    let value = and();
    while (take('||')) {
      const other = and();
      value = isTrue(value) ? value : other;
    }
    return value;
  };
  const and = (): Value => {
    let value = comparison();
    while (take('&&')) {
      const other = comparison();
      value = isTrue(value) ? other : value;
    }
    return value;
  };
  const comparison = (): Value => {
    const left = single();
    if (take('==')) return isSame(left, single());
    if (take('!=')) return !isSame(left, single());
    return left;
  };
  const single = (): Value => {
    if (take('!')) return !isTrue(single());
    if (take('(')) {
      const value = or();
      if (!take(')')) throw new Error(`no ) in ${text}`);
      return value;
    }
    const word = tokens[at++];
    if (word === undefined) throw new Error(`${text} ends too early`);
    if (word.startsWith("'")) return word.slice(1, -1).replaceAll("''", "'");
    if (/^\d/.test(word)) return Number(word);
    return take('(') ? called(word) : lookUp(word, contexts);
  };
  const called = (name: string): Value => {
    const values: Value[] = [];
    while (!take(')')) {
      values.push(or());
      take(',');
    }
    return call(name, values, course);
  };
  const value = or();
  if (at < tokens.length) throw new Error(`${text} goes on with ${tokens[at]}`);
  return value;
}

/** A text with each `${{ … }}` in it replaced; a text that is only one keeps what it is. */
export function filled(text: string, contexts: Contexts, course: Course): Value {
  const whole = /^\$\{\{((?:(?!\}\}).)*)\}\}$/s.exec(text.trim())?.[1];
  if (whole !== undefined) return evaluate(whole, contexts, course);
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, inner: string) => textOf(evaluate(inner, contexts, course)));
}

export function textOf(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}

/** Whether the condition of a job or a step holds; without a word about the course it wants all before to be well. */
export function holds(condition: string | undefined, contexts: Contexts, course: Course): boolean {
  const text = (condition ?? 'success()').replace(/^\s*\$\{\{(.*)\}\}\s*$/s, '$1');
  const isAboutCourse = /\b(success|failure|always|cancelled)\(/.test(text);
  return (isAboutCourse || !course.isFailed) && isTrue(evaluate(text, contexts, course));
}

function tokensOf(text: string): readonly string[] {
  const found: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const match = token.exec(text);
    if (!match) throw new Error(`${text} is not understood`);
    found.push(match[0].trim());
  }
  return found;
}

function lookUp(path: string, contexts: Contexts): Value {
  if (path === 'true' || path === 'false') return path === 'true';
  const [context = '', ...parts] = path.split('.');
  if (!(context in contexts)) throw new Error(`there is no ${context} here`);
  let value: unknown = contexts[context];
  for (const part of parts) value = (value as Readonly<Record<string, unknown>> | null | undefined)?.[part];
  return (value ?? null) as Value;
}

function call(name: string, values: readonly Value[], course: Course): Value {
  const [first = null, second = null] = values;
  switch (name) {
    case 'startsWith':
      return textOf(first).toLowerCase().startsWith(textOf(second).toLowerCase());
    case 'contains':
      return Array.isArray(first) && first.some((each) => isSame(each as Value, second));
    case 'fromJSON':
      return JSON.parse(textOf(first)) as Value;
    case 'success':
      return !course.isFailed;
    case 'failure':
      return course.isFailed;
    case 'always':
      return true;
    case 'cancelled':
      return false;
    default:
      throw new Error(`there is no function ${name} here`);
  }
}

function isTrue(value: Value): boolean {
  return value !== null && value !== false && value !== 0 && value !== '';
}

/** GitHub compares texts whatever their case, and takes nothing for an empty text. */
function isSame(a: Value, b: Value): boolean {
  return textOf(a).toLowerCase() === textOf(b).toLowerCase();
}
