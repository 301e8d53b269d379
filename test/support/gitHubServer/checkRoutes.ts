import { type Answer, type Call, notFound, ok, page, type Route } from './calls.ts';
import { nameOf, showCheckRun, showStatus } from './views.ts';

const checks = { permission: 'checks', level: 'read' } as const;
const statuses = { permission: 'statuses', level: 'read' } as const;
const actions = { permission: 'actions', level: 'read' } as const;
const at = '/repos/:owner/:repo';

/** https://docs.github.com/en/rest/checks, /commits/statuses and /actions/workflow-jobs */
export const checkRoutes: readonly Route[] = [
  { method: 'GET', path: `${at}/commits/*ref/check-runs`, need: checks, run: listCheckRuns },
  { method: 'GET', path: `${at}/check-runs/:id`, need: checks, run: getCheckRun },
  { method: 'GET', path: `${at}/check-runs/:id/annotations`, need: checks, run: listAnnotations },
  { method: 'GET', path: `${at}/commits/*ref/status`, need: statuses, run: getStatus },
  { method: 'GET', path: `${at}/commits/*ref/statuses`, need: statuses, run: listStatuses },
  { method: 'GET', path: `${at}/actions/jobs/:id`, need: actions, run: getJob },
  { method: 'GET', path: `${at}/actions/jobs/:id/logs`, need: actions, run: getLog },
];

function commitOf(call: Call): string {
  const found = call.repository.bare.resolve(call.params.ref ?? '');
  if (found === undefined) throw notFound();
  return found;
}

function listCheckRuns(call: Call): Answer {
  const commit = commitOf(call);
  const named = call.query.get('check_name');
  const status = call.query.get('status');
  const found = call.repository.checkRuns.filter(
    (run) => run.commit === commit && (!named || run.name === named) && (!status || run.status === status),
  );
  const path = `/repos/${nameOf(call.repository)}/commits/${commit}/check-runs`;
  const shown = found.map((run) => showCheckRun(call, call.repository, run));
  return page(call, shown, path, (check_runs) => ({ total_count: found.length, check_runs }));
}

function runOf(call: Call) {
  const found = call.repository.checkRuns.find(({ id }) => id === Number(call.params.id));
  if (!found) throw notFound();
  return found;
}

function getCheckRun(call: Call): Answer {
  return ok(showCheckRun(call, call.repository, runOf(call)));
}

function listAnnotations(call: Call): Answer {
  runOf(call);
  return ok([]);
}

function statusesOf(call: Call) {
  const commit = commitOf(call);
  const all = call.repository.statuses.filter((each) => each.commit === commit).toReversed();
  return { commit, all };
}

function getStatus(call: Call): Answer {
  const { commit, all } = statusesOf(call);
  // The newest of each context counts.
  const newest = all.filter((each, index) => all.findIndex(({ context }) => context === each.context) === index);
  const has = (state: string) => newest.some((each) => each.state === state);
  const state =
    has('failure') || has('error') ? 'failure' : has('pending') || newest.length === 0 ? 'pending' : 'success';
  const path = `/repos/${nameOf(call.repository)}/commits/${commit}/status`;
  return page(call, newest.map(showStatus), path, (part) => ({
    sha: commit,
    state,
    total_count: newest.length,
    statuses: part,
  }));
}

function listStatuses(call: Call): Answer {
  const { commit, all } = statusesOf(call);
  return page(call, all.map(showStatus), `/repos/${nameOf(call.repository)}/commits/${commit}/statuses`);
}

function getJob(call: Call): Answer {
  const { id, name, commit, status, conclusion } = runOf(call);
  return ok({
    id,
    run_id: 1,
    name,
    head_sha: commit,
    status,
    conclusion,
    html_url: `${call.url}/${nameOf(call.repository)}/actions/runs/1/job/${id}`,
    steps: [],
  });
}

/** The log is elsewhere, at an address that is good for a minute and takes no token. */
function getLog(call: Call): Answer {
  const run = runOf(call);
  if (run.log === undefined) throw notFound();
  return { status: 302, headers: { location: `${call.url}/_logs/${nameOf(call.repository)}/${run.id}` } };
}
