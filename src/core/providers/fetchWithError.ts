import { fetchHere } from './fetchHere.ts';
import { objectOf } from './untrusted.ts';

/**
 * Fetches, and gives every error's body the form that the SDKs read, `{"error": …}`: some servers put the error at the top,
 * some into a list, and the SDK would drop both.
 */
export async function fetchWithError(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetchHere(url, init);
  if (response.ok) {
    return response;
  }
  const text = await response.text();
  const value = parsed(text);
  const body = objectOf(Array.isArray(value) ? value[0] : value);
  return new Response(body ? JSON.stringify('error' in body ? body : { error: body }) : text, {
    status: response.status,
    headers: response.headers,
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
