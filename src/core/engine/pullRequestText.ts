import { type Proposal, type ProposalSource, proposePullRequest } from '../github/proposal.ts';

/** Title and body of a pull request, as the folder's repository writes its commits and wants its pull requests. */
export async function pullRequestText(folder: string, source: ProposalSource, signal?: AbortSignal): Promise<Proposal> {
  // Loaded with the first pull request, so that activation doesn't wait for it.
  const [{ readCommitFacts, readFileAtHead }, { readStyle }, { templatesAmong }] = await Promise.all([
    import('../workspace/commitFacts.ts'),
    import('../github/commitStyle.ts'),
    import('../github/template.ts'),
  ]);
  const { subjects, templateFiles } = await readCommitFacts(folder, signal);
  const [path] = templatesAmong(templateFiles);
  const template = path === undefined ? undefined : await readFileAtHead(folder, path, signal);
  return proposePullRequest({
    ...source,
    style: readStyle(subjects),
    ...(template !== undefined && { template }),
  });
}
