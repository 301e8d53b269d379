import { UserError } from '../core/problem.ts';
import type { PullRequestQuestion, PullRequestQuestions, PullRequestTalk } from '../core/pullRequest.ts';
import { repositoryOf } from './environment.ts';
import type { CommandContext } from './session.ts';
import { plain } from './terminal.ts';

/** What the command line says beforehand. */
export interface TalkChoices {
  readonly remote?: string | undefined;
  readonly commits?: 'patch-only' | 'stacked' | undefined;
  readonly fork?: boolean | undefined;
}

type Answers = {
  readonly [Question in PullRequestQuestion]: (
    about: PullRequestQuestions[Question]['ask'],
  ) => PullRequestQuestions[Question]['answer'];
};

/** A talk with a command line, which has said all it will say. Throws `UserError` where that isn't enough, before anything is written. */
export function commandTalk(
  { terminal, environment, signal }: CommandContext,
  choices: TalkChoices,
): PullRequestTalk & { readonly warnings: readonly string[] } {
  const warnings: string[] = [];
  const own = repositoryOf(environment);
  const answers: Answers = {
    remote: ({ remotes }) => {
      const isOwn = ({ repository }: (typeof remotes)[number]) =>
        own !== undefined &&
        `${repository.owner}/${repository.name}`.toLowerCase() === `${own.owner}/${own.name}`.toLowerCase();
      const remote = choices.remote ?? remotes.find(isOwn)?.remote;
      if (remote !== undefined) return remote;
      throw unanswered(
        `The folder has several remotes on GitHub: ${remotes.map((each) => each.remote).join(', ')}. Say which with --remote.`,
      );
    },
    base: () => {
      throw unanswered('Nothing tells into which branch the pull request is to be merged. Say it with --base.');
    },
    commits: ({ subjects, base }) => {
      if (choices.commits) return choices.commits;
      const count = subjects.length === 1 ? 'a commit' : `${subjects.length} commits`;
      throw unanswered(
        `HEAD has ${count} that ${base} lacks. Say with --commits whether they go along (stacked) or only the patch goes (patch-only).`,
      );
    },
    fork: ({ repository }) => {
      if (choices.fork) return true;
      throw unanswered(
        `This sign-in may not write to ${repository.owner}/${repository.name}. Allow a fork with --fork, or sign in with write access.`,
      );
    },
    push: ({ reasons }) => {
      throw unanswered(reasons.join(' '));
    },
    conflicts: ({ files, base }) => {
      throw new UserError({
        code: 'patch-conflict',
        message: `The patch conflicts with what ${base} has on GitHub: ${files.map(({ path }) => path).join(', ')}. Nothing was pushed. Run the task again on the newest commit.`,
      });
    },
  };
  return {
    signal,
    warnings,
    report: (stage) => terminal.err(plain(stage)),
    warn: (warning) => void warnings.push(warning),
    ask: async (question, about) => answers[question](about),
  };
}

function unanswered(message: string): UserError {
  return new UserError({ code: 'github-failed', message: `${message} Nothing was pushed.` });
}
