import assert from 'node:assert/strict';
import { addressProblem, addressWarning, tidyAddress } from '../../../src/core/serviceAddress.ts';

describe('the address of a service', () => {
  for (const address of [
    'https://openrouter.ai/api/v1',
    ' https://x.openai.azure.com/openai/v1/?api-version=preview ',
    'http://localhost:11434/v1',
    'http://[::1]:8080/v1',
    'http://192.168.1.7:8000/v1',
    'http://gpu-box:8000/v1',
  ]) {
    it(`may be ${address.trim()}`, () => assert.equal(addressProblem(address), undefined));
  }

  for (const address of [
    'openrouter.ai/api/v1',
    'localhost:11434',
    'ftp://example.com/v1',
    'file:///etc/passwd',
    'https://',
    'http://example.com/v1',
    'http://localhost.example.com/v1',
    'https://user:password@example.com/v1',
    'https://example.com/v1#part',
  ]) {
    it(`may not be ${address}`, () => assert.notEqual(addressProblem(address), undefined));
  }

  it('is warned of where others can read along', () => {
    assert.match(addressWarning('http://192.168.1.7:8000/v1') ?? '', /not encrypted/);
    assert.equal(addressWarning('http://127.0.0.1:8000/v1'), undefined);
    assert.equal(addressWarning('https://example.com/v1'), undefined);
  });

  it('is kept without spaces and without a slash at its end', () => {
    assert.equal(tidyAddress(' http://localhost:1234/v1// '), 'http://localhost:1234/v1');
    assert.equal(tidyAddress('https://example.com'), 'https://example.com');
    assert.equal(tidyAddress('https://example.com/v1/?api-version=1'), 'https://example.com/v1?api-version=1');
  });
});
