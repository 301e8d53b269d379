import { fetchHere } from './fetchHere.ts';
import type { ListedModel } from './modelList.ts';
import { type JsonObject, objectOf, objectsOf, textOf } from './untrusted.ts';

/** Asks for the models that generate content, page by page; the SDK has no call for it. */
export async function fetchGoogleModels(
  baseUrl: string,
  apiKey: string,
  signal: AbortSignal,
): Promise<readonly ListedModel[]> {
  const models: ListedModel[] = [];
  let pageToken = '';
  do {
    const query = new URLSearchParams({ pageSize: '1000', ...(pageToken ? { pageToken } : {}) });
    const response = await fetchHere(`${baseUrl}/v1beta/models?${query}`, {
      headers: { 'x-goog-api-key': apiKey },
      signal: AbortSignal.any([signal, AbortSignal.timeout(60_000)]),
    });
    const text = await response.text();
    if (!response.ok) {
      throw { status: response.status, headers: response.headers, message: text, ...errorIn(text) };
    }
    const page = objectOf(JSON.parse(text)) ?? {};
    models.push(...objectsOf(page.models).filter(generates).map(listed));
    pageToken = textOf(page.nextPageToken);
  } while (pageToken !== '' && models.length < 5000);
  return models;
}

function generates(model: JsonObject): boolean {
  const methods = model.supportedGenerationMethods;
  return Array.isArray(methods) && methods.includes('generateContent');
}

function listed(model: JsonObject): ListedModel {
  return { id: textOf(model.name).replace(/^models\//, ''), label: textOf(model.displayName) };
}

/** The error object of an error's body; a proxy's page has none. */
function errorIn(text: string): JsonObject {
  try {
    return { error: objectOf(JSON.parse(text))?.error };
  } catch {
    return {};
  }
}
