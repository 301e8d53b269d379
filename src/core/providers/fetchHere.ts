/**
 * Fetches, and follows no redirect: it would take the person's code along, and the key too where it isn't in the header
 * that `fetch` leaves out elsewhere. A redirect is answered as an error that says where to.
 */
export async function fetchHere(url: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...init, redirect: 'manual' });
  const target = response.headers.get('location');
  if (response.status < 300 || response.status > 399 || target === null) return response;
  await response.body?.cancel();
  const place = URL.parse(target, response.url)?.origin ?? 'another address';
  const message = `It redirects to ${place}, which dursor doesn't follow: set the base URL to where the service is.`;
  return new Response(JSON.stringify({ error: { message } }), {
    // "Misdirected request": an error that nobody tries again.
    status: 421,
    headers: { 'content-type': 'application/json' },
  });
}
