import { objectOf, objectsOf, textOf } from '../core/providers/untrusted.ts';

/** A server on this machine that answered. */
export interface LocalServer {
  readonly name: string;
  readonly baseUrl: string;
  /** The names of its models. */
  readonly models: readonly string[];
}

/** The servers that people run models with, at the ports of their own documentation. */
export const usualServers: readonly Pick<LocalServer, 'name' | 'baseUrl'>[] = [
  { name: 'Ollama', baseUrl: 'http://127.0.0.1:11434/v1' },
  { name: 'LM Studio', baseUrl: 'http://127.0.0.1:1234/v1' },
  { name: 'llama.cpp', baseUrl: 'http://127.0.0.1:8080/v1' },
  { name: 'vLLM', baseUrl: 'http://127.0.0.1:8000/v1' },
  { name: 'Jan', baseUrl: 'http://127.0.0.1:1337/v1' },
];

/** More than any list of models takes; another program on the port may send without end. */
const maxBytes = 2_000_000;

/** Those of the servers that list models when asked for them. Never rejects; stops when the signal aborts. */
export async function findLocalServers(
  servers: typeof usualServers,
  signal: AbortSignal,
): Promise<readonly LocalServer[]> {
  const found = await Promise.all(
    servers.map(async (server) => {
      const answer = objectOf(await getJson(`${server.baseUrl}/models`, {}, signal));
      const models = objectsOf(answer?.data).map(({ id }) => textOf(id));
      return { ...server, models: models.filter((id) => id !== '') };
    }),
  );
  return found.filter(({ models }) => models.length > 0);
}

/**
 * Whether a model can be given tools, where the server tells: Ollama does, in an API of its own beside `/v1`. Undefined
 * where nobody says. Never rejects.
 */
export async function canCallTools(baseUrl: string, model: string, signal: AbortSignal): Promise<boolean | undefined> {
  const init = { method: 'POST', body: JSON.stringify({ model }), headers: { 'content-type': 'application/json' } };
  const answer = objectOf(await getJson(new URL('/api/show', baseUrl).href, init, signal));
  const { capabilities } = answer ?? {};
  return Array.isArray(capabilities) ? capabilities.includes('tools') : undefined;
}

/** Undefined for anything but a good answer in JSON. */
async function getJson(url: string, init: RequestInit, signal: AbortSignal): Promise<unknown> {
  try {
    // No server that lists its own models sends one elsewhere for them.
    const response = await fetch(url, { ...init, redirect: 'error', signal });
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      return undefined;
    }
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of response.body) {
      length += chunk.length;
      if (length > maxBytes) return undefined;
      chunks.push(chunk);
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}
