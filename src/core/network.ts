import { BlockList } from 'node:net';

/** Whether a URL's host name is this machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Whether a URL's host name is on this machine or in a network of one's own: never an address of the open internet. */
export function isOwnNetwork(hostname: string): boolean {
  if (isLoopback(hostname)) return true;
  if (/^\[.*\]$/.test(hostname)) return privateAddresses.check(hostname.slice(1, -1), 'ipv6');
  if (/^[\d.]+$/.test(hostname)) return privateAddresses.check(hostname, 'ipv4');
  // A name without a dot, and the endings that no public name server answers for (RFC 6762, RFC 8375, ICANN's .internal).
  return !hostname.includes('.') || /\.(local|localhost|lan|internal|home\.arpa)$/.test(hostname);
}

/** RFC 1918, link-local, unique local, and the range that carriers and overlay networks share (RFC 6598). */
const privateAddresses = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const) {
  privateAddresses.addSubnet(network, bits, 'ipv4');
}
privateAddresses.addSubnet('fc00::', 7, 'ipv6');
privateAddresses.addSubnet('fe80::', 10, 'ipv6');
