/** The head of a streamed answer. */
export const stream = { 'content-type': 'text/event-stream' };

/** A call of the tool that requests offer, as Chat Completions have it. */
export const whole = { name: 'read_file', arguments: '{"path":"a"}' };

/** One event of a streamed chat completion. */
export function chunk(delta: object, finish: string | null = null, more: object = {}): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }], ...more })}\n\n`;
}
