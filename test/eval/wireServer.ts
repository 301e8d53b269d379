import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WireRow } from './wireRows.ts';

/** How an answer's bytes are cut: the sizes of the pieces, over and over. */
export type Cut = readonly number[];

/** Serves one recording to whoever asks, cut into pieces, and remembers what it was asked. */
export async function serveRow(row: WireRow, cut: Cut) {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString());
      void send(row, cut, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Each piece is an HTTP chunk of its own; now and then the pieces so far are let out before the next one is written. */
async function send({ status, headers, body }: WireRow, cut: Cut, response: ServerResponse): Promise<void> {
  response.writeHead(status, headers);
  let at = 0;
  for (let piece = 0; at < body.length && !response.destroyed; piece++) {
    const size = cut[piece % cut.length] ?? body.length;
    response.write(body.subarray(at, at + size));
    at += size;
    if (piece % 16 === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  }
  response.end();
}
