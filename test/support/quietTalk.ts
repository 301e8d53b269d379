import type { PullRequestQuestion, PullRequestQuestions, PullRequestTalk } from '../../src/core/pullRequest.ts';

/** Fixed answers, or what finds one; a question that has none is left unanswered. */
export type TalkAnswers = {
  readonly [Question in PullRequestQuestion]?:
    | PullRequestQuestions[Question]['answer']
    | ((about: PullRequestQuestions[Question]['ask']) => PullRequestQuestions[Question]['answer'] | undefined);
};

/** A talk with somebody who has their answers ready. It keeps what it was told and asked. */
export function quietTalk(answers: TalkAnswers = {}, signal = new AbortController().signal) {
  const stages: string[] = [];
  const warnings: string[] = [];
  const asked: { readonly question: PullRequestQuestion; readonly about: unknown }[] = [];
  const talk: PullRequestTalk = {
    report: (stage) => void stages.push(stage),
    warn: (warning) => void warnings.push(warning),
    ask: async (question, about) => {
      asked.push({ question, about });
      const answer = answers[question] as unknown;
      return typeof answer === 'function' ? answer(about) : answer;
    },
    signal,
  };
  return {
    ...talk,
    stages,
    asked,
    warnings,
    /** What was said with a question. Throws where it was not asked. */
    about<Question extends PullRequestQuestion>(question: Question): PullRequestQuestions[Question]['ask'] {
      const found = asked.find((one) => one.question === question);
      if (!found) throw new Error(`${question} was not asked`);
      return found.about as PullRequestQuestions[Question]['ask'];
    },
  };
}
