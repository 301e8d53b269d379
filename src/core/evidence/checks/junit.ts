import { mostTests, type ReportedTest } from './testNames.ts';
import { type XmlEvent, xmlEvents } from './xmlEvents.ts';

/** What some runners write for every test instead of the name of a class. */
const emptyClasses: ReadonlySet<string> = new Set(['', 'test', 'suite', 'none', '(empty)']);

/** A test case that is being read. */
interface OpenCase {
  readonly attributes: ReadonlyMap<string, string>;
  status: ReportedTest['status'];
  message: string;
}

/** Enough of a failure's text to find a place in it. */
const longestText = 20_000;

/**
 * Reads JUnit's XML as the many runners write it. A class name tells where a test is; without one its suites do. Throws `SyntaxError`
 * when the text isn't whole or is something else.
 */
export function readJunit(xml: string): readonly ReportedTest[] {
  const reader = new JunitReader();
  for (const event of xmlEvents(xml)) reader.take(event);
  if (!reader.isJunit) throw new SyntaxError('it has neither <testsuites> nor <testsuite>');
  return reader.tests;
}

class JunitReader {
  readonly tests: ReportedTest[] = [];
  isJunit = false;
  readonly #suites: ReadonlyMap<string, string>[] = [];
  #case: OpenCase | undefined;
  /** The element whose text is a message, and whether it is one of a case or of a whole suite. */
  #failing: string | undefined;

  take(event: XmlEvent): void {
    if (event.type === 'open') this.#open(event.name, event.attributes);
    else if (event.type === 'close') this.#close(event.name);
    else if (this.#failing !== undefined && this.#case) {
      this.#case.message += event.text.slice(0, longestText - Math.min(longestText, this.#case.message.length));
    }
  }

  #open(name: string, attributes: ReadonlyMap<string, string>): void {
    switch (name) {
      case 'testsuites':
        this.isJunit = true;
        break;
      case 'testsuite':
        this.isJunit = true;
        this.#suites.push(attributes);
        break;
      case 'testcase':
        this.#case = { attributes, status: statusOf(attributes), message: '' };
        break;
      case 'failure':
      case 'error':
        this.#fail(name, attributes);
        break;
      case 'skipped':
      case 'disabled':
        if (this.#case && this.#case.status !== 'failed') this.#case.status = 'skipped';
        break;
    }
  }

  #fail(name: string, attributes: ReadonlyMap<string, string>): void {
    // A suite that could not even be loaded has no case.
    this.#case ??= { attributes: new Map([['name', '']]), status: 'failed', message: '' };
    this.#case.status = 'failed';
    this.#failing = name;
    const message = attributes.get('message') ?? '';
    if (message !== '') this.#case.message += `${message}\n`;
  }

  #close(name: string): void {
    if (name === this.#failing) {
      this.#failing = undefined;
      if (this.#case?.attributes.get('name') === '' && !this.#case.attributes.has('classname')) this.#add();
    } else if (name === 'testcase') this.#add();
    else if (name === 'testsuite') this.#suites.pop();
  }

  #add(): void {
    const ended = this.#case;
    this.#case = undefined;
    if (!ended) return;
    if (this.tests.length >= mostTests) throw new SyntaxError(`it has more than ${mostTests} tests`);
    const { attributes, status, message } = ended;
    const own = attributes.get('classname') ?? attributes.get('class') ?? '';
    const suites = this.#suites.map((suite) => suite.get('name') ?? '').filter((suite) => !isPath(suite));
    const above = emptyClasses.has(own.trim().toLowerCase()) ? suites : [own];
    const line = attributes.get('line') ?? attributes.get('lineno');
    this.tests.push({
      path: [...above, attributes.get('name') ?? ''],
      status,
      file: this.#fileOf(attributes),
      line: line === undefined ? undefined : Number(line),
      message: message === '' ? undefined : message,
    });
  }

  #fileOf(attributes: ReadonlyMap<string, string>): string | undefined {
    const named = [attributes, ...this.#suites.toReversed()].map((one) => one.get('file') ?? one.get('filepath'));
    const suite = this.#suites.at(-1)?.get('name') ?? '';
    const own = attributes.get('classname') ?? '';
    return named.find((file) => file !== undefined) ?? [own, suite].find(looksLikeFile);
  }
}

/** CTest and others say so instead of with an element. */
function statusOf(attributes: ReadonlyMap<string, string>): ReportedTest['status'] {
  const status = (attributes.get('status') ?? attributes.get('result') ?? '').toLowerCase();
  return ['notrun', 'disabled', 'skipped', 'suppressed'].includes(status) ? 'skipped' : 'passed';
}

/** The path of a configuration or a machine's folder. */
const isPath = (name: string) => /^([A-Za-z]:)?[\\/]/.test(name);

/** `src/a.test.ts`, and not `a.b.Test` or a sentence. */
const looksLikeFile = (name: string) => /^(file:\/\/|\.?\/)?[^\s:*?"<>|]+\/[^\s/:*?"<>|]+\.\w{1,5}$/.test(name);
