import { type FaultAnswer, refused } from '../support/gitHubServer/faults.ts';

/** One thing that goes wrong at one request. */
export interface FaultKind {
  readonly name: string;
  readonly answer: FaultAnswer;
  /** It stays so: for all requests like that one, or for every request from that one on, also those that would clean up. */
  readonly stays?: 'like-it' | 'everywhere';
  /** The requests that GitHub answers so; all when not given. */
  readonly at?: { readonly method: string; readonly path: RegExp };
}

const secondary = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
const notAllowed = 'Resource not accessible by integration';
const makesRef = { method: 'POST', path: /\/git\/refs$/ };
const movesRef = { method: 'PATCH', path: /\/git\/refs\// };
const queries = { method: 'POST', path: /\/graphql$/ };
const opens = { method: 'POST', path: /\/pulls$/ };
const custom = (message: string) => [{ resource: 'PullRequest', code: 'custom', message }];
const invalid = (field: string) => [{ resource: 'PullRequest', field, code: 'invalid' }];

/** GraphQL says 200 and has its errors inside. */
const errors = (message: string, type?: string): FaultAnswer => ({
  status: 200,
  body: { data: null, errors: [{ ...(type !== undefined && { type, path: [] }), message }] },
});

/** What GitHub may answer to any request, and what only some can be answered. */
export const faultKinds: readonly FaultKind[] = [
  { name: 'cut before', answer: 'cut' },
  { name: 'cut before, again and again', answer: 'cut', stays: 'like-it' },
  { name: 'cut after', answer: 'lose' },
  { name: 'cut after, again and again', answer: 'lose', stays: 'like-it' },
  { name: 'cut in the middle', answer: 'half' },
  { name: 'cut in the middle, again and again', answer: 'half', stays: 'like-it' },
  { name: 'cut from then on', answer: 'cut', stays: 'everywhere' },
  { name: '500', answer: refused(500, 'Server Error') },
  { name: '502', answer: { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad gateway</html>' } },
  { name: '503, again and again', answer: refused(503, 'Service unavailable'), stays: 'like-it' },
  { name: '401', answer: refused(401, 'Bad credentials') },
  { name: '401, again and again', answer: refused(401, 'Bad credentials'), stays: 'like-it' },
  { name: '401 from then on', answer: refused(401, 'Bad credentials'), stays: 'everywhere' },
  { name: 'token at its end', answer: 'expire' },
  { name: '403 secondary rate limit', answer: refused(403, secondary, undefined, { 'retry-after': '1' }) },
  {
    name: '403 secondary rate limit, again and again',
    answer: refused(403, secondary, undefined, { 'retry-after': '60' }),
    stays: 'like-it',
  },
  { name: '403 permission', answer: refused(403, notAllowed), stays: 'like-it' },
  { name: '403 permission once', answer: refused(403, notAllowed) },
  { name: '404', answer: refused(404, 'Not Found') },
  { name: '404, again and again', answer: refused(404, 'Not Found'), stays: 'like-it' },
  { name: '409', answer: refused(409, 'Reference cannot be updated') },
  { name: '409 empty', answer: refused(409, 'Git Repository is empty.'), stays: 'like-it' },
  { name: '422', answer: refused(422, 'Validation Failed') },
  { name: '422, again and again', answer: refused(422, 'Validation Failed'), stays: 'like-it' },
  { name: '422 rule', answer: refused(422, 'Repository rule violations found'), stays: 'like-it' },
  { name: 'GraphQL forbids', answer: errors(notAllowed, 'FORBIDDEN'), at: queries },
  { name: 'GraphQL limits', answer: errors('API rate limit exceeded', 'RATE_LIMITED'), at: queries },
  { name: 'GraphQL fails', answer: errors('Something went wrong while executing your query.'), at: queries },
  { name: '422 ref exists', answer: refused(422, 'Reference already exists'), at: makesRef },
  { name: '422 no object', answer: refused(422, 'Object does not exist'), at: makesRef },
  { name: '422 not fast forward', answer: refused(422, 'Update is not a fast forward'), at: movesRef },
  { name: '422 no ref', answer: refused(422, 'Reference does not exist'), at: movesRef },
  { name: '422 head', answer: refused(422, 'Validation Failed', invalid('head')), at: opens },
  { name: '422 base', answer: refused(422, 'Validation Failed', invalid('base')), at: opens },
  {
    name: '422 no commits',
    answer: refused(422, 'Validation Failed', custom('No commits between main and dursor/a')),
    at: opens,
  },
  {
    name: '422 pull request exists',
    answer: refused(422, 'Validation Failed', custom('A pull request already exists for octocat:dursor/a.')),
    at: opens,
  },
  {
    name: '422 no drafts',
    answer: refused(422, 'Draft pull requests are not supported in this repository.'),
    at: opens,
  },
];
