import assert from 'node:assert/strict';
import type { CandidateId, RoundStart } from '../../../src/core/domain.ts';
import { commentMessage, feedbackMessage } from '../../../src/core/github/feedbackMessage.ts';
import { messageParts } from '../../../webview-ui/task/messageParts.ts';

const start: RoundStart = { from: 'pull-request', pull: 'a' as CandidateId };

describe('the message of a round', () => {
  it('shows first what somebody asked for on GitHub, then what the models are told of that', () => {
    const text = 'Say why. Lines that begin with ">" are quoted from GitHub.\n\nAnd be brief.';
    const { asked, rules } = messageParts({ message: commentMessage(12, { author: 'ann', text }), start });
    assert.match(asked, /^ann wrote on GitHub:\n> Say why\.[\s\S]*> And be brief\.$/);
    assert.match(rules, /^A comment on pull request #12 asks for a change\./);
  });

  it('shows the user’s own words and the feedback first', () => {
    const comment = { id: 7, author: 'ann', body: 'Why four?', url: '' };
    const feedback = { threads: [], comments: [comment], failedChecks: [] };
    const choice = { threads: [], comments: [7], failedChecks: [] };
    const { asked, rules } = messageParts({ message: feedbackMessage(12, feedback, choice, 'Be brief.'), start });
    assert.match(asked, /^Be brief\.\n\nComment of the pull request's conversation\. ann wrote:\n> Why four\?$/);
    assert.match(rules, /^Address this on pull request #12\./);
  });

  it('stays as it is where it quotes nothing', () => {
    const message = 'One.\n\nLines that begin with ">" are quoted from GitHub, I think.';
    assert.deepEqual(messageParts({ message, start: { from: 'workspace' } }), { asked: message, rules: '' });
    assert.deepEqual(messageParts({ message: 'One.\n\nTwo.', start }), { asked: 'One.\n\nTwo.', rules: '' });
  });
});
