import assert from 'node:assert/strict';
import { GoogleParts } from '../../../src/core/providers/googleParts.ts';
import { googleParameters } from '../../../src/core/providers/googleSchema.ts';
import { answering, collect, providerAt, requestOf, user } from './wire.ts';

const never = new AbortController().signal;

describe('a JSON Schema for google', () => {
  it('keeps what Google reads and drops the rest', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      additionalProperties: false,
      required: ['path', 'gone'],
      properties: {
        path: { type: 'string', description: 'Where', minLength: 1, format: 'uri', default: '' },
        kind: { enum: ['a', 'b'] },
        level: { type: 'integer', enum: [1, 2] },
        note: { type: ['string', 'null'] },
        list: { type: 'array', items: { oneOf: [{ type: 'string' }, { type: 'number', exclusiveMinimum: 0 }] } },
        maybe: { anyOf: [{ type: 'object', properties: { deep: { const: 'x' } } }, { type: 'null' }] },
        type: { type: 'boolean' },
      },
    };
    assert.deepEqual(googleParameters(schema), {
      type: 'OBJECT',
      properties: {
        path: { description: 'Where', minLength: 1, type: 'STRING' },
        kind: { type: 'STRING', enum: ['a', 'b'] },
        level: { type: 'INTEGER' },
        note: { type: 'STRING', nullable: true },
        list: { type: 'ARRAY', items: { anyOf: [{ type: 'STRING' }, { type: 'NUMBER' }] } },
        maybe: { type: 'OBJECT', properties: { deep: { type: 'STRING', enum: ['x'] } }, nullable: true },
        type: { type: 'BOOLEAN' },
      },
      required: ['path'],
    });
  });

  it('is left out for a tool without parameters', () => {
    assert.equal(googleParameters({ type: 'object', properties: {} }), undefined);
  });
});

describe('a call of gemini that comes in pieces', () => {
  const piece = (jsonPath: string, value: object, willContinue = true) => ({
    functionCall: { partialArgs: [{ jsonPath, ...value }], willContinue },
  });

  it('is whole when it stops continuing', () => {
    const parts = new GoogleParts();
    assert.equal(parts.add({ functionCall: { name: 'f', willContinue: true }, thoughtSignature: 's' }), undefined);
    assert.equal(parts.add(piece('$.text', { stringValue: 'ab' })), undefined);
    assert.equal(parts.add(piece('$.text', { stringValue: 'cd' })), undefined);
    assert.equal(parts.add(piece("$['odd key'][0]", { boolValue: false })), undefined);
    assert.equal(parts.isOpen, true);
    assert.deepEqual(parts.add({ functionCall: {} }), {
      functionCall: { name: 'f', args: { text: 'abcd', 'odd key': [false] } },
      thoughtSignature: 's',
    });
    assert.equal(parts.isOpen, false);
  });

  it('does no harm with strange paths', () => {
    const parts = new GoogleParts();
    parts.add({ functionCall: { name: 'f', willContinue: true } });
    parts.add(piece('$.__proto__.polluted', { stringValue: 'x' }));
    parts.add(piece('$.list[4000000000]', { numberValue: 1 }));
    parts.add(piece('nowhere', { numberValue: 1 }));
    parts.add(piece('$.a', { numberValue: 1 }));
    const whole = parts.add(piece('$.a.b', { numberValue: 1 }, false));
    assert.equal(Reflect.get({}, 'polluted'), undefined);
    assert.equal(JSON.stringify(whole).includes('"a":1'), true);
  });
});

describe('an answer of gemini that went wrong', () => {
  for (const [reason, found] of Object.entries({
    MALFORMED_FUNCTION_CALL: 'malformed-answer',
    OTHER: 'malformed-answer',
    PROHIBITED_CONTENT: 'refusal',
  })) {
    it(`with ${reason} is ${found}`, async () => {
      const chunk = { candidates: [{ content: {}, finishReason: reason }], usageMetadata: { promptTokenCount: 3 } };
      const server = await answering(200, `data: ${JSON.stringify(chunk)}\n\n`, {
        'content-type': 'text/event-stream',
      });
      const provider = await providerAt('google', server.url);
      const { end, failure } = await collect(provider.stream(requestOf('google', user('hi')), never));
      assert.equal(failure?.problem.code ?? end.reason, found);
      assert.equal(end.usage.input, 3);
      await server.close();
    });
  }
});

describe('events that make no sense', () => {
  const nonsense = ['null', '[]', '7', '"text"', '{}', '{"type":7}', '{"type":"response.output_item.done"}'];
  const odd = [
    '{"type":"content_block_delta","index":"x","delta":null}',
    '{"type":"message_delta","usage":[]}',
    '{"candidates":[null,{"content":{"parts":[null,{"functionCall":"f"},{"text":5}]}}]}',
    '{"candidates":"none","usageMetadata":{"promptTokenCount":"many"}}',
  ];

  for (const id of ['openai', 'anthropic', 'google'] as const) {
    it(`end a stream of ${id} as a failure, and nothing else`, async () => {
      const stream = [...nonsense, ...odd].map((data) => `event: message_delta\ndata: ${data}\n\n`).join('');
      const server = await answering(200, id === 'google' ? stream.replace(/^event.*\n/gm, '') : stream, {
        'content-type': 'text/event-stream',
      });
      const { events, failure } = await collect(
        (await providerAt(id, server.url)).stream(requestOf(id, user('hi')), never),
      );
      assert.equal(events.length, 1);
      assert.match(failure?.problem.code ?? '', /^(network|malformed-answer)$/, JSON.stringify(failure));
      await server.close();
    });
  }
});
