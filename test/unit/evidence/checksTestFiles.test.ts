import assert from 'node:assert/strict';
import { isTestFile } from '../../../src/core/evidence/testFiles.ts';

const tests = [
  'a.test.ts',
  'src/a.spec.jsx',
  'src/__tests__/a.js',
  'src/__snapshots__/a.test.ts.snap',
  'a.e2e-spec.ts',
  'login.cy.js',
  'test/fixtures/data.json',
  'tests/helper.py',
  'test_a.py',
  'pkg/a_test.py',
  'conftest.py',
  'pkg/a_test.go',
  'src/tests.rs',
  'src/test/java/com/example/A.java',
  'src/main/UploadTest.java',
  'UploadTests.cs',
  'UploadIT.java',
  'App.Tests/Upload.cs',
  'Tests/UploadTests/A.swift',
  'spec/a_spec.rb',
  'a_spec.rb',
  'UploadTest.php',
  'UploadSpec.scala',
  'a_test.cc',
  'a-test.js',
  'test.js',
  'lib/a_test.exs',
  'a_test.dart',
];

const others = [
  'src/a.ts',
  'src/contest.py',
  'src/latest.ts',
  'src/testimony.js',
  'src/attest.go',
  'src/protest/a.ts',
  'src/Latest.java',
  'src/Contest.java',
  'src/inspect.rb',
  'src/EDIT.java',
  'test/README.md',
  'docs/testing.md',
  'vitest.config.ts',
  'specification.json',
  'a',
];

describe('isTestFile', () => {
  for (const path of tests) it(`says that ${path} is one`, () => assert.equal(isTestFile(path), true));
  for (const path of others) it(`says that ${path} is none`, () => assert.equal(isTestFile(path), false));
});
