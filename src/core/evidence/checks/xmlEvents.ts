/** What is met in an XML text from its beginning to its end. An element without content is an `open` and a `close`. */
export type XmlEvent =
  | { readonly type: 'open'; readonly name: string; readonly attributes: ReadonlyMap<string, string> }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'close'; readonly name: string };

/** Longer attributes and texts are cut; none that matters is. */
const longestValue = 64 * 1024;
const deepest = 100;

/**
 * Reads XML as test runners write it, in one pass over the text. Forgives what is not quite well-formed, as characters that XML can't hold
 * or a `&` of its own. Declares and expands no entities besides XML's own five and numbered characters, reads no other file, and skips
 * comments, instructions and document types. Throws `SyntaxError` where a tag is cut off or elements don't nest.
 */
export function* xmlEvents(xml: string): Generator<XmlEvent> {
  const open: string[] = [];
  let at = 0;
  while (at < xml.length) {
    const start = indexOrEnd(xml, '<', at);
    if (start > at) yield { type: 'text', text: decode(xml.slice(at, Math.min(start, at + longestValue))) };
    if (start === xml.length) break;
    if (xml.startsWith('<![CDATA[', start)) {
      const end = indexOrEnd(xml, ']]>', start);
      yield { type: 'text', text: xml.slice(start + 9, end) };
      at = end + 3;
    } else if (xml.startsWith('<!--', start)) at = indexOrEnd(xml, '-->', start) + 3;
    else if (xml.startsWith('<?', start)) at = indexOrEnd(xml, '?>', start) + 2;
    else if (xml.startsWith('<!', start)) at = endOfDocumentType(xml, start);
    else if (xml.startsWith('</', start)) {
      const end = indexOrEnd(xml, '>', start);
      const name = xml.slice(start + 2, end).trim();
      if (open.pop() !== name) throw new SyntaxError(`</${name.slice(0, 50)}> closes nothing`);
      yield { type: 'close', name };
      at = end + 1;
    } else {
      const tag = readTag(xml, start);
      yield { type: 'open', name: tag.name, attributes: tag.attributes };
      if (tag.isEmpty) yield { type: 'close', name: tag.name };
      else if (open.push(tag.name) > deepest) throw new SyntaxError(`Elements are more than ${deepest} deep`);
      at = tag.end;
    }
  }
  if (open.length > 0) throw new SyntaxError(`<${open.at(-1)}> is never closed`);
}

const namePattern = /[^\s/>=]+/y;
const betweenPattern = /[\s/]*/y;
const equalsPattern = /\s*=\s*(["'])/y;

function readTag(xml: string, start: number) {
  const name = match(namePattern, xml, start + 1)?.[0];
  if (name === undefined) throw new SyntaxError('A < stands where no element begins');
  const attributes = new Map<string, string>();
  let at = start + 1 + name.length;
  for (;;) {
    at += match(betweenPattern, xml, at)?.[0].length ?? 0;
    if (at >= xml.length) throw new SyntaxError(`<${name.slice(0, 50)} is cut off`);
    if (xml[at] === '>') return { name, attributes, isEmpty: xml[at - 1] === '/', end: at + 1 };
    const key = match(namePattern, xml, at)?.[0];
    const equals = key === undefined ? undefined : match(equalsPattern, xml, at + key.length);
    if (key === undefined || !equals) throw new SyntaxError(`<${name.slice(0, 50)} has an attribute without a value`);
    const from = at + key.length + equals[0].length;
    const end = xml.indexOf(equals[1] ?? '"', from);
    if (end === -1) throw new SyntaxError(`<${name.slice(0, 50)} is cut off`);
    attributes.set(key, decode(xml.slice(from, Math.min(end, from + longestValue))));
    at = end + 1;
  }
}

/** A document type may hold declarations in brackets; none of them counts. */
function endOfDocumentType(xml: string, start: number): number {
  const end = indexOrEnd(xml, '>', start);
  if (!xml.slice(start, end).includes('[')) return end + 1;
  return indexOrEnd(xml, '>', indexOrEnd(xml, ']', start)) + 1;
}

function indexOrEnd(xml: string, wanted: string, from: number): number {
  const found = xml.indexOf(wanted, from);
  return found === -1 ? xml.length : found;
}

function match(pattern: RegExp, xml: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(xml) ?? undefined;
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decode(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi, (whole, decimal, hexadecimal, name) => {
    if (name !== undefined) return entities[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
