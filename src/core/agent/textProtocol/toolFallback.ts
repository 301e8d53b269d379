import type { ModelEvent, ModelRequest, Provider } from '../../providers/provider.ts';
import { withTextTools } from './textTools.ts';

/** Whether an answer failed because its model can't be given tools. */
export function lacksTools(event: ModelEvent): boolean {
  return event.type === 'end' && event.reason === 'error' && event.failure.lacksTools === true;
}

/** The provider as it is, until a service says that the model has no tools; from then on the model writes its calls as text. */
export function withToolFallback(provider: Provider): Provider {
  const inText = withTextTools(provider);
  const withoutTools = new Set<string>();
  async function* stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent> {
    if (!withoutTools.has(request.model)) {
      let refused = false;
      for await (const event of provider.stream(request, signal)) {
        refused = lacksTools(event);
        if (!refused) yield event;
      }
      if (!refused) return;
      withoutTools.add(request.model);
    }
    yield* inText.stream(request, signal);
  }
  return { ...inText, stream };
}
