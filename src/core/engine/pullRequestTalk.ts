import type { PullRequestQuestion, PullRequestQuestions, PullRequestTalk } from '../pullRequest.ts';

/** The answer to a question. Where the user left it, it ends with an abort: nothing is written before the last answer. */
export async function answerOf<Question extends PullRequestQuestion>(
  { ask, signal }: Pick<PullRequestTalk, 'ask' | 'signal'>,
  question: Question,
  about: PullRequestQuestions[Question]['ask'],
): Promise<PullRequestQuestions[Question]['answer']> {
  signal.throwIfAborted();
  const answer = await ask(question, about);
  signal.throwIfAborted();
  if (answer === undefined) throw new DOMException('The pull request was left.', 'AbortError');
  return answer;
}
