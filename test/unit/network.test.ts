import assert from 'node:assert/strict';
import { isLoopback, isOwnNetwork } from '../../src/core/network.ts';

const host = (url: string) => new URL(url).hostname;

describe('addresses of one’s own', () => {
  for (const url of ['http://localhost:1', 'http://127.0.0.1', 'http://0x7f.1/', 'http://[::1]:8080']) {
    it(`knows ${url} as this machine`, () => {
      assert.ok(isLoopback(host(url)));
      assert.ok(isOwnNetwork(host(url)));
    });
  }

  for (const url of [
    'http://192.168.1.7',
    'http://10.0.0.1',
    'http://172.31.0.1',
    'http://100.100.1.1',
    'http://[fd00::1]',
    'http://[fe80::1]',
    'http://gpu-box:8000',
    'http://studio.local',
    'http://host.docker.internal',
  ]) {
    it(`knows ${url} as a network of one’s own, not as this machine`, () => {
      assert.ok(isOwnNetwork(host(url)));
      assert.ok(!isLoopback(host(url)));
    });
  }

  for (const url of [
    'http://example.com',
    'http://172.32.0.1',
    'http://8.8.8.8',
    'http://[2001:db8::1]',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://10.0.0.1.example.com',
  ]) {
    it(`takes ${url} for the internet`, () => assert.ok(!isOwnNetwork(host(url))));
  }
});
