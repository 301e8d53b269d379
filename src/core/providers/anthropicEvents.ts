import { type JsonObject, objectOf, objectsOf, textOf } from './untrusted.ts';

/** The events of a stream; a whole message, which gateways send that don't stream, as the events it would have been. */
export async function* eventsOf(values: AsyncIterable<unknown>): AsyncGenerator<JsonObject, void> {
  for await (const value of values) {
    const event = objectOf(value) ?? {};
    if (event.type === 'message') {
      yield* eventsOfMessage(event);
    } else if (event.error && event.type === undefined) {
      yield { type: 'error', error: event.error };
    } else {
      yield event;
    }
  }
}

function* eventsOfMessage(message: JsonObject): Generator<JsonObject> {
  yield { type: 'message_start', message };
  for (const [index, block] of objectsOf(message.content).entries()) {
    yield { type: 'content_block_start', index, content_block: block };
    yield { type: 'content_block_stop', index };
  }
  yield { type: 'message_delta', delta: { stop_reason: textOf(message.stop_reason) || 'end_turn' } };
  yield { type: 'message_stop' };
}
