import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A network whose only way out is a proxy, which reads along with a certificate authority of its own. */
export interface CorporateNetwork extends AsyncDisposable {
  /** What `http.proxy` is there. */
  readonly proxyUrl: string;
  /** The certificate of its authority, as a PEM file. */
  readonly authority: string;
  /** Where programs wanted to go by the proxy, as `host:port`. */
  readonly asked: readonly string[];
}

/** Whether the program that makes the certificates is here. */
export function canMakeCertificates(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Starts it. What goes to `host` by TLS is answered by the plain server at `origin`; nothing gets anywhere else. */
export async function startCorporateNetwork(host: string, origin: string): Promise<CorporateNetwork> {
  const folder = mkdtempSync(join(tmpdir(), 'dursor-network-'));
  const { key, cert, authority } = makeCertificates(folder, host);
  const front = createTlsServer({ key, cert }, (incoming, outgoing) => {
    const { method, headers } = incoming;
    const onward = request(new URL(incoming.url ?? '/', origin), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  const frontPort = await listen(front);
  const asked: string[] = [];
  const proxy = createServer((_incoming, outgoing) => outgoing.writeHead(502).end());
  proxy.on('connect', (incoming, socket) => {
    asked.push(incoming.url ?? '');
    if (incoming.url !== `${host}:443`) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const onward = connect(frontPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  const proxyPort = await listen(proxy);
  return {
    proxyUrl: `http://127.0.0.1:${proxyPort}`,
    authority,
    asked,
    async [Symbol.asyncDispose]() {
      for (const server of [proxy, front]) {
        server.closeAllConnections();
        server.close();
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listen(server: Pick<Server, 'listen' | 'address'>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** An authority of a day, and a certificate of it for `host`. */
function makeCertificates(folder: string, host: string) {
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const newKey = ['-newkey', 'rsa:2048', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '1',
    '-subj',
    '/CN=Test Authority',
  );
  openssl('req', ...newKey, '-keyout', 'host.key', '-out', 'host.csr', '-subj', `/CN=${host}`);
  writeFileSync(at('host.ext'), `subjectAltName=DNS:${host}\n`);
  const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '1', '-extfile', 'host.ext'];
  openssl('x509', '-req', '-in', 'host.csr', '-out', 'host.pem', ...signing);
  return { key: readFileSync(at('host.key')), cert: readFileSync(at('host.pem')), authority: at('ca.pem') };
}
