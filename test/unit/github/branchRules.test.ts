import assert from 'node:assert/strict';
import type { Octokit } from '@octokit/rest';
import { connect } from '../../../src/core/github/auth.ts';
import { assertRulesAllow, type RuledPush } from '../../../src/core/github/branchRules.ts';
import { token } from './prepareOrder.ts';
import { repository, type StandIn, startGitHub } from './standIn.ts';

const { signal } = new AbortController();
const push: RuledPush = {
  branch: 'dursor/x',
  message: 'Change it',
  email: 'ann@example.com',
  isSigned: false,
  paths: ['src/a.ts', 'docs/long/name.md', 'build/out.exe'],
};
const pattern = (type: string, operator: string, text: string, negate?: boolean) => ({
  type,
  parameters: { operator, pattern: text, ...(negate !== undefined && { negate }) },
});

describe('The rules of a branch', () => {
  let github: StandIn;
  let octokit: Octokit;
  before(async () => {
    github = await startGitHub();
    octokit = await connect(token, github.url, repository, signal);
  });
  after(() => github.stop());

  const rules = (body: unknown, status = 200) =>
    github.add({ method: 'GET', path: /\/rules\/branches\//, times: 1, answer: { status, body } });
  const check = (part: Partial<RuledPush> = {}) =>
    assertRulesAllow(
      octokit,
      { repository, page: 'https://github.com/octocat/hello-world' },
      { ...push, ...part },
      signal,
    );

  const forbidding: Readonly<Record<string, readonly [object, RegExp]>> = {
    'that nobody may create': [{ type: 'creation' }, /branch dursor\/x: nobody may create it/],
    'of another form': [pattern('branch_name_pattern', 'ends_with', '-z'), /its name must end with "-z"/],
    'that must not match': [pattern('branch_name_pattern', 'regex', '^dur', true), /must not match "\^dur"/],
    'with another message': [pattern('commit_message_pattern', 'regex', '^[A-Z]+-\\d+'), /its commit must match/],
    'by another author': [pattern('commit_author_email_pattern', 'ends_with', '@corp.com'), /its author must end with/],
    'of a committer elsewhere': [pattern('committer_email_pattern', 'contains', 'corp'), /must contain "corp"/],
    'without a signature': [{ type: 'required_signatures' }, /must be signed/],
    'with a file': [
      { type: 'file_path_restriction', parameters: { restricted_file_paths: ['src/a.ts'] } },
      /src\/a\.ts may/,
    ],
    'in a folder': [
      { type: 'file_path_restriction', parameters: { restricted_file_paths: ['docs/**/*'] } },
      /name\.md may not/,
    ],
    'with a kind of file': [
      { type: 'file_extension_restriction', parameters: { restricted_file_extensions: ['*.exe'] } },
      /such as build\/out\.exe/,
    ],
    'with a long path': [
      { type: 'max_file_path_length', parameters: { max_file_path_length: 10 } },
      /longer than 10 char/,
    ],
  };
  for (const [what, [rule, message]] of Object.entries(forbidding)) {
    it(`forbid one ${what}, and say where they are`, async () => {
      rules([{ type: 'deletion' }, rule]);
      await assert.rejects(check(), (error: { problem?: { code: string; message: string; action: object } }) => {
        assert.match(error.problem?.message ?? '', message);
        assert.equal(error.problem?.code, 'no-permission');
        const url = 'https://github.com/octocat/hello-world/rules';
        assert.deepEqual(error.problem?.action, { type: 'open-url', label: 'Show the Rules', url });
        return true;
      });
    });
  }

  it('allow what keeps to them, and what is not known to break them', async () => {
    rules([
      { type: 'deletion' },
      { type: 'non_fast_forward' },
      { type: 'something_new', parameters: {} },
      pattern('branch_name_pattern', 'starts_with', 'dursor/'),
      pattern('branch_name_pattern', 'contains', 'secret', true),
      pattern('commit_message_pattern', 'regex', '^Change'),
      pattern('branch_name_pattern', 'regex', '(?i)^other'),
      pattern('branch_name_pattern', 'regex', '('),
      { type: 'branch_name_pattern' },
      { type: 'file_path_restriction', parameters: { restricted_file_paths: ['srcs', 'lib/*', 'docs/*.txt'] } },
      { type: 'max_file_path_length', parameters: { max_file_path_length: 100 } },
    ]);
    await check();
    rules([{ type: 'required_signatures' }, pattern('commit_author_email_pattern', 'contains', 'x')]);
    const { email: _, ...account } = push;
    await assertRulesAllow(octokit, { repository, page: '' }, { ...account, isSigned: true }, signal);
  });

  it('are not held up by an expression that never ends', async () => {
    rules([pattern('branch_name_pattern', 'regex', '^(a+)+$')]);
    await check({ branch: `${'a'.repeat(60)}!` });
  });

  it('do not hold for who is let past them', async () => {
    const bypass = (current_user_can_bypass: string) =>
      github.add({
        method: 'GET',
        path: /\/rulesets\/7$/,
        times: 1,
        answer: { status: 200, body: { id: 7, current_user_can_bypass } },
      });
    rules([{ type: 'creation', ruleset_id: 7 }]);
    bypass('always');
    await check();
    rules([{ type: 'creation', ruleset_id: 7 }]);
    bypass('never');
    await assert.rejects(check(), /nobody may create it/);
    rules([{ type: 'creation', ruleset_id: 8 }]);
    await assert.rejects(check(), /nobody may create it/);
  });

  it('are none where GitHub has none to tell, and a failure where it can not answer', async () => {
    rules({ message: 'Upgrade to GitHub Pro or make this repository public to enable this feature.' }, 403);
    await check();
    rules({ message: 'Not Found' }, 404);
    await check();
    rules({ message: 'You have exceeded a secondary rate limit' }, 403);
    await assert.rejects(check(), /takes no more requests/);
  });
});
