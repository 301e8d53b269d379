import assert from 'node:assert/strict';
import type { CheckLine, EvidenceFacts, EvidenceState, Tone } from '../../../src/protocol/compareEvidence.ts';
import type { Column } from '../../../src/protocol/comparePanel.ts';
import { canCheck, evidenceButtons } from '../../../webview-ui/compare/evidence/evidenceButtons.ts';
import { checkLines, evidenceRoom, roomHeights } from '../../../webview-ui/compare/evidence/evidenceRoom.ts';
import {
  checksSummary,
  evidenceNews,
  placeText,
  restText,
  roundFacts,
} from '../../../webview-ui/compare/evidence/evidenceTexts.ts';

const state = (part: Partial<EvidenceState> = {}): EvidenceState => ({
  checks: 0,
  notAgreed: 0,
  isChecking: false,
  isReviewing: false,
  notes: [],
  ...part,
});
const facts = (part: Partial<EvidenceFacts> = {}): EvidenceFacts => ({
  checks: [],
  findings: [],
  marks: [],
  isTied: false,
  isRecommended: false,
  ...part,
});
const line = (check: string, tone: Tone, part: Partial<CheckLine> = {}): CheckLine => ({
  check,
  tone,
  text: `${check} is ${tone}`,
  isRunning: false,
  hasOutput: true,
  ...part,
});
const running = (check: string, startedAt: number) =>
  line(check, 'plain', { text: 'running', isRunning: true, hasOutput: false, startedAt });
const waiting = (check: string) => line(check, 'plain', { text: 'waiting', hasOutput: false });
const column = (evidence?: EvidenceFacts, part: object = {}): Column =>
  ({
    type: 'run',
    id: 'a',
    label: 'Ada',
    size: { files: 1, added: 1, removed: 0 },
    run: { state: { status: 'succeeded' } },
    ...(evidence && { evidence }),
    ...part,
  }) as unknown as Column;

describe('the room for evidence in heads', () => {
  it('is none where nothing is known and nothing can be', () => {
    const room = evidenceRoom({ columns: [column(), column(facts())], evidence: state() });
    assert.deepEqual(roomHeights(room), { evidence: 0, checks: 0, note: 18 });
  });

  it('is all there from the start where checks will run, and the same until all are done', () => {
    const evidence = state({ checks: 2 });
    const before = evidenceRoom({ columns: [column(facts()), column()], evidence });
    const done = facts({
      checks: [line('test', 'good'), line('lint', 'bad')],
      crossTests: { text: 'passes', tone: 'good' },
      review: { text: 'mergeable', tone: 'plain' },
      marks: [{ text: 'debug', tone: 'look' }],
      reason: 'best',
    });
    const after = evidenceRoom({ columns: [column(facts()), column(done)], evidence });
    assert.deepEqual(before, after);
    assert.deepEqual(roomHeights(after), { evidence: 90, checks: 36, note: 34 });
  });

  it('is for marks alone where that is all there is', () => {
    const marks = [{ text: 'debug', tone: 'look' as const }];
    const room = evidenceRoom({ columns: [column(facts({ marks })), column(facts())], evidence: state() });
    assert.equal(roomHeights(room).evidence, 18);
  });

  it('has three lines for checks at most: two that matter most, and one for the others', () => {
    const few = [line('a', 'good'), line('b', 'bad'), waiting('c')];
    assert.deepEqual(checkLines(few), { shown: few, rest: [] });
    const many = [line('a', 'good'), running('b', 0), line('c', 'look'), line('d', 'bad'), line('e', 'bad')];
    const { shown, rest } = checkLines(many);
    assert.deepEqual(
      shown.map(({ check }) => check),
      ['d', 'e'],
    );
    assert.equal(restText(rest), '3 more checks');
    assert.equal(restText([line('x', 'bad'), line('y', 'good')]), '2 more checks, 1 worse');
    assert.equal(evidenceRoom({ columns: [column(facts({ checks: many }))], evidence: state() }).checks, 3);
  });
});

describe('evidence in words', () => {
  it('says which place a candidate has, and that it is a tie', () => {
    const places = [1, 2, 3, 4, 11, 12, 13, 21, 112].map((place) => placeText({ place, isTied: false }));
    assert.deepEqual(places, ['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '112th']);
    assert.equal(placeText({ place: 2, isTied: true }), 'tied 2nd');
    assert.equal(placeText({ isTied: false }), undefined);
  });

  it('sums checks up: nothing before one ran, how far they are, then the worst first', () => {
    assert.equal(checksSummary([]), undefined);
    assert.equal(checksSummary([waiting('test')]), undefined);
    assert.deepEqual(checksSummary([line('test', 'good'), running('lint', 7), running('types', 3), waiting('e2e')]), {
      text: '1 of 4 checks done',
      tone: 'plain',
      isRunning: true,
      startedAt: 3,
    });
    assert.equal(checksSummary([running('test', 1)])?.text, 'checks running');
    assert.deepEqual(checksSummary([line('test', 'good'), line('lint', 'bad')]), {
      text: 'lint: lint is bad · test: test is good',
      tone: 'bad',
      isRunning: false,
    });
    assert.equal(checksSummary([line('test', 'good')])?.text, 'test is good');
    const notStarted = line('test', 'look', { hasOutput: false, text: 'could not be run' });
    assert.equal(checksSummary([notStarted])?.text, 'could not be run');
  });

  it('says what holds for all candidates', () => {
    const texts = (part: Partial<EvidenceState>) => roundFacts(state(part)).map(({ text }) => text);
    assert.deepEqual(texts({}), ['No checks are set up']);
    assert.deepEqual(texts({ notAgreed: 2 }), ['2 checks to agree to first']);
    assert.deepEqual(texts({ checks: 1, isolation: 'bubblewrap, no network' }), ['1 check', 'bubblewrap, no network']);
    const usage = { input: 1000, cachedInput: 0, output: 200, reasoning: 0 };
    assert.deepEqual(texts({ checks: 1, reviewUse: { usage, cost: { dollars: 0.5 } } }), [
      '1 check',
      'reviews used 1.2k tokens, $0.50',
    ]);
    assert.match(texts({ isReviewing: true, reviewWait: 'rate limited' })[1] ?? '', /at work, held up: rate limited$/);
    const [checked, reviewed] = [
      { done: 1, total: 3 },
      { done: 0, total: 4 },
    ];
    const busy = roundFacts(state({ checks: 2, isChecking: true, isReviewing: true, checked, reviewed }));
    assert.deepEqual(
      busy.map(({ text, isRunning }) => [text, isRunning]),
      [
        ['checks running, 1 of 3 done', true],
        ['reviewers are at work, 0 of 4 answers', true],
      ],
    );
  });

  it('tells screen readers what goes on and how it ended', () => {
    const verdict = { text: 'Ada is recommended', tone: 'good' } as const;
    assert.equal(evidenceNews(state({ verdict, isChecking: true })), 'Checks are running.');
    assert.equal(evidenceNews(state({ verdict, isReviewing: true })), 'Reviewers are at work.');
    assert.equal(evidenceNews(state({ verdict })), 'Ada is recommended');
    assert.equal(evidenceNews(state()), '');
  });
});

describe('the buttons for evidence', () => {
  const buttons = (evidence: EvidenceState, ...columns: readonly Column[]) => evidenceButtons({ columns, evidence });
  const checked = facts({ checks: [line('test', 'good')] });

  it('run checks, after setting them up or agreeing to them', () => {
    assert.equal(buttons(state()).run, 'Set Up Checks…');
    assert.equal(buttons(state({ checks: 1, notAgreed: 1 }), column(facts())).run, 'Run Checks…');
    assert.equal(buttons(state({ checks: 1 }), column(facts())).run, 'Run Checks');
    assert.equal(buttons(state({ checks: 1 }), column(checked), column(facts())).run, 'Run Checks');
    assert.equal(buttons(state({ checks: 1 }), column(checked)).run, 'Run Checks Again');
  });

  it('are there only where they do something', () => {
    const empty = column(undefined, { size: { files: 0, added: 0, removed: 0 } });
    const none = { canCancelChecks: false, canReview: false, canCancelReview: false, canCopy: false };
    assert.deepEqual(buttons(state({ checks: 1 }), empty), none);
    assert.deepEqual(buttons(state({ checks: 1, isChecking: true, isReviewing: true }), column(checked)), {
      canCancelChecks: true,
      canReview: false,
      canCancelReview: true,
      canCopy: true,
    });
    assert.equal(buttons(state(), column(facts())).canReview, true);
    assert.equal(buttons(state(), column(facts({ checks: [waiting('test')] }))).canCopy, false);
    assert.equal(buttons(state(), column(facts({ place: 1 }))).canCopy, true);
  });

  it('check one candidate that has a patch, while no others are checked', () => {
    assert.equal(canCheck(column(), state({ checks: 1 })), true);
    assert.equal(canCheck(column(), state({ notAgreed: 1 })), true);
    assert.equal(canCheck(column(), state()), false);
    assert.equal(canCheck(column(), state({ checks: 1, isChecking: true })), false);
    assert.equal(canCheck(column(undefined, { run: { state: { status: 'running' } } }), state({ checks: 1 })), false);
  });
});
