/** A field of a query; fragments are flattened into their fields, with the type that they ask for. */
export interface Field {
  readonly name: string;
  readonly alias: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly fields: readonly Field[];
  /** Of an inline fragment or a named one. */
  readonly onType?: string;
}

/** Reads one operation with its fragments. Throws what GitHub's parser would complain about. */
export function parseQuery(text: string, variables: Readonly<Record<string, unknown>>): readonly Field[] {
  return new Parser(text, variables).document();
}

class Parser {
  readonly #tokens: string[];
  readonly #variables: Readonly<Record<string, unknown>>;
  readonly #defaults = new Map<string, unknown>();
  readonly #fragments = new Map<string, readonly Field[]>();
  #at = 0;

  constructor(text: string, variables: Readonly<Record<string, unknown>>) {
    const clean = text.replace(/"(?:[^"\\\n]|\\.)*"|#[^\n]*/g, (found) => (found.startsWith('#') ? '' : found));
    this.#tokens = clean.match(/"(?:[^"\\]|\\.)*"|\.\.\.|[\w$]+|-?\d+(?:\.\d+)?|[!{}()[\]:=@|]/g) ?? [];
    this.#variables = variables;
  }

  document(): readonly Field[] {
    // Fragments may stand after the operation that uses them.
    let operation: number | undefined;
    while (this.#at < this.#tokens.length) {
      const isFragment = this.#tokens[this.#at] === 'fragment';
      if (!isFragment) operation = this.#at;
      if (isFragment) {
        const name = this.#tokens[this.#at + 1] ?? '';
        this.#at += 2;
        this.#expect('on');
        const type = this.#next();
        this.#fragments.set(
          name,
          this.#selection().map((field) => ({ ...field, onType: type })),
        );
      } else this.#skipOperation();
    }
    if (operation === undefined) throw new Error('Expected NAME, actual: (none)');
    this.#at = operation;
    return this.#operation();
  }

  #skipOperation(): void {
    while (this.#tokens[this.#at] !== '{') {
      if (this.#at >= this.#tokens.length) throw new Error('Unexpected end of document');
      this.#at += 1;
    }
    let depth = 0;
    do {
      const token = this.#next();
      if (token === '{') depth += 1;
      if (token === '}') depth -= 1;
    } while (depth > 0);
  }

  #operation(): readonly Field[] {
    if (['query', 'mutation'].includes(this.#tokens[this.#at] ?? '')) this.#at += 1;
    if (this.#tokens[this.#at] !== '{' && this.#tokens[this.#at] !== '(') this.#at += 1;
    if (this.#tokens[this.#at] === '(') this.#declarations();
    return this.#selection();
  }

  #declarations(): void {
    this.#expect('(');
    while (this.#tokens[this.#at] !== ')') {
      const name = this.#next().slice(1);
      this.#expect(':');
      while (/^[\w![\]]+$/.test(this.#tokens[this.#at] ?? '') && !this.#tokens[this.#at]?.startsWith('$'))
        this.#at += 1;
      const isRequired = this.#tokens[this.#at - 1] === '!';
      if (this.#tokens[this.#at] === '=') {
        this.#at += 1;
        this.#defaults.set(name, this.#value());
      } else if (isRequired && (this.#variables[name] === undefined || this.#variables[name] === null)) {
        throw new Error(`Variable $${name} was provided invalid value`);
      }
    }
    this.#expect(')');
  }

  #selection(): readonly Field[] {
    this.#expect('{');
    const fields: Field[] = [];
    while (this.#tokens[this.#at] !== '}') fields.push(...this.#fieldOrFragment());
    this.#expect('}');
    return fields;
  }

  #fieldOrFragment(): readonly Field[] {
    const first = this.#next();
    if (first === '...') {
      if (this.#tokens[this.#at] === 'on') {
        this.#at += 1;
        const type = this.#next();
        return this.#selection().map((field) => ({ ...field, onType: type }));
      }
      const name = this.#next();
      const fragment = this.#fragments.get(name);
      if (!fragment) throw new Error(`Fragment ${name} was used, but not defined`);
      return fragment;
    }
    let name = first;
    if (this.#tokens[this.#at] === ':') {
      this.#at += 1;
      name = this.#next();
    }
    const args = this.#tokens[this.#at] === '(' ? this.#arguments() : {};
    return [{ name, alias: first, args, fields: this.#tokens[this.#at] === '{' ? this.#selection() : [] }];
  }

  #arguments(): Record<string, unknown> {
    this.#expect('(');
    const args: Record<string, unknown> = {};
    while (this.#tokens[this.#at] !== ')') {
      const name = this.#next();
      this.#expect(':');
      args[name] = this.#value();
    }
    this.#expect(')');
    return args;
  }

  #value(): unknown {
    const token = this.#next();
    if (token === '{' || token === '[') {
      const end = token === '{' ? '}' : ']';
      const entries: [string, unknown][] = [];
      while (this.#tokens[this.#at] !== end) {
        const name = token === '{' ? this.#next() : String(entries.length);
        if (token === '{') this.#expect(':');
        entries.push([name, this.#value()]);
      }
      this.#expect(end);
      return token === '{' ? Object.fromEntries(entries) : entries.map(([, value]) => value);
    }
    if (token.startsWith('$')) {
      const name = token.slice(1);
      return this.#variables[name] ?? this.#defaults.get(name) ?? null;
    }
    return /^("|-?\d|true$|false$|null$)/.test(token) ? JSON.parse(token) : token;
  }

  #next(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new Error('Unexpected end of document');
    this.#at += 1;
    return token;
  }

  #expect(token: string): void {
    const found = this.#next();
    if (found !== token) throw new Error(`Expected ${token}, actual: ${found}`);
  }
}
