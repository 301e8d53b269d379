import { createPrivateKey } from 'node:crypto';

/**
 * A GitHub App's private key as the PKCS#8 PEM that every runtime's WebCrypto takes; GitHub gives it as PKCS#1. Line breaks
 * may be written as `\n`, as they are after a trip through an environment variable. `undefined` when it is no RSA key.
 */
export function readPrivateKey(text: string): string | undefined {
  const pem = text.replace(/\\r\\n|\\n|\r\n/g, '\n').trim();
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'rsa' ? key.export({ type: 'pkcs8', format: 'pem' }).toString() : undefined;
  } catch {
    // OpenSSL's words name no cause a user could act on, and may quote the text.
    return undefined;
  }
}
