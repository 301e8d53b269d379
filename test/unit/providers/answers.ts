/** The beginning of an answer on each wire. */
export const beginnings = {
  openai: 'data: {"type":"response.output_text.delta","delta":"Hi"}\n\n',
  anthropic:
    'event: message_start\ndata: {"type":"message_start","message":{"usage":{"input_tokens":9}}}\n\n' +
    'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\n' +
    'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}\n\n',
  'openai-compatible': 'data: {"choices":[{"index":0,"delta":{"content":"Hi"}}]}\n\n',
  google: 'data: {"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]}}]}\n\n',
};

/** What ends such an answer well. */
export const endings = {
  openai: 'data: {"type":"response.completed","response":{"status":"completed"}}\n\n',
  anthropic:
    'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n' +
    'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}}\n\n' +
    'event: message_stop\ndata: {"type":"message_stop"}\n\n',
  'openai-compatible': 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
  google: 'data: {"candidates":[{"content":{"parts":[{"text":""}]},"finishReason":"STOP"}]}\n\n',
};
