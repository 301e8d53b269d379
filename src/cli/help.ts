import { exitCodeMeanings } from './exitCode.ts';

export const commandNames = ['run', 'check', 'pick', 'pr', 'begin', 'answer'] as const;

export type CommandName = (typeof commandNames)[number];

const common = `
  --folder DIR            the folder to work on (default: this one)
  --storage DIR           where dursor keeps what it makes (default: $XDG_DATA_HOME/dursor or ~/.local/share/dursor);
                          not in the folder
  --json                  one JSON object on standard output
  --verbose               tell more on standard error`;

const checking = `
  --checks FILE           a JSON file with checks, as the setting dursor.checks holds them; to name it is to agree to its commands.
                          Checks of a settings file in the folder are never run
  --sandbox auto|docker|os|none
                          what keeps checks to their copies (default: auto; only "none" is ever none)
  --sandbox-image IMAGE   the image of containers
  --forbid PATTERN        a path that no model reads or changes; may be given several times, also by lines of DURSOR_FORBIDDEN_PATHS.
                          It has to be the same for run, check, pick and pr`;

const helps: Readonly<Record<CommandName, string>> = {
  run: `dursor run --task TEXT | --task-file FILE --models LIST [options]

Runs a task on models, each on its own copy of the folder. The folder itself is not changed.

  --task TEXT             what is to be done
  --task-file FILE        the same from a file; - is standard input
  --models LIST           provider:model[,…] with openai, anthropic or google, or a JSON file of profiles
  --out DIR               write the candidates there: a folder for each with patch.diff and candidate.json, to be used on other machines
  --scope DIR             the only sub-folder that may be changed
  --max-seconds N         how long one model may take
  --max-steps N           how many steps one model may take${checking}${common}

Keys: OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY or GOOGLE_API_KEY, OPENAI_COMPATIBLE_API_KEY.
Addresses: OPENAI_BASE_URL, ANTHROPIC_BASE_URL, GOOGLE_GEMINI_BASE_URL.`,
  check: `dursor check --candidates DIR… --checks FILE [options]

Takes candidates that were made elsewhere from the same commit, and runs the checks on the commit and on each of them.

  --candidates DIR        a folder of candidates; may be given several times
  --out FILE              write what the checks came to, for dursor pick --results; outside of the folder, whose files it would change${checking}${common}`,
  pick: `dursor pick --candidates DIR… [options]

Takes candidates that were made elsewhere from the same commit, verifies that their patches are whole, allowed and fit, and ranks them.

  --candidates DIR        a folder of candidates; may be given several times
  --results FILE          what dursor check wrote about --checks; without it, --checks are run here
  --review LIST           models that review the candidates; as --models of dursor run
  --task-file FILE        what was asked for, in place of what the candidates say${checking}${common}`,
  pr: `dursor pr --candidate ID|DIR [options]

Opens a pull request from a candidate of the storage, or of a folder of candidates. Title and text are proposed where they aren't given.

  --candidate ID|DIR      which one
  --title TEXT            its title
  --body-file FILE        its text, as Markdown
  --base BRANCH           the branch to merge it into
  --branch NAME           the name of its own branch
  --remote NAME           the remote whose repository it goes to
  --commits patch-only|stacked
                          whether commits of HEAD that the base lacks go along
  --update NUMBER         put it as a commit onto the branch of this pull request instead, never by force
  --closes NUMBER         say that it closes this issue
  --checks FILE           the checks whose results are to be told in its text; none is run
  --draft                 open it as a draft
  --fork                  go through a fork where this sign-in may not write
  --reviewer, --label, --assignee NAME
                          may be given several times
  --author git|account    whom the commit is by (default: as Git is configured)
  --accept-secrets        push it though a secret was found in it
  --forbid PATTERN        as for dursor run${common}

Sign-in: GITHUB_TOKEN, or DURSOR_GITHUB_APP_ID and DURSOR_GITHUB_APP_PRIVATE_KEY. GITHUB_API_URL and GITHUB_REPOSITORY as on GitHub Actions.`,
  begin: `dursor begin --task-out FILE [--json]

For GitHub Actions. Finds out whether the event (a comment that begins with /dursor, or the label dursor) is from somebody who may write
to the repository, reacts to it, and writes the task into a file. Its outputs: go, kind, sha, base, number, comment.`,
  answer: `dursor answer --issue NUMBER --pick FILE [--pr FILE] [--comment ID] [--json]

For GitHub Actions. Writes a comment that tells what came of the work: FILEs hold what dursor pick and dursor pr said with --json.`,
};

/** The help of a command, or of all. */
export function helpOf(command?: CommandName): string {
  const exits = Object.entries(exitCodeMeanings).map(([code, meaning]) => `  ${code.padEnd(5)}${meaning}`);
  const text = command ? helps[command] : overview();
  return `${text}\n\nExit codes:\n${exits.join('\n')}`;
}

function overview(): string {
  const lines = commandNames.map((name) => `  ${helps[name].split('\n', 1)[0]}`);
  return `dursor runs one task on several models at once and ships the best patch as a pull request.\n\n${lines.join('\n')}\n\ndursor COMMAND --help tells more.`;
}
