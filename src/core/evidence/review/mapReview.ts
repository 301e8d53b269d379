import type { ModelProfile } from '../../domain.ts';
import type { CandidateReview, Finding, Preference, Review } from '../../evidence.ts';
import { anchorFinding } from './anchorFindings.ts';
import { plainParagraph } from './plainText.ts';
import type { ReviewedGroup, ReviewMaterial } from './readCandidates.ts';
import type { SubmittedCandidate, SubmittedReview } from './submitReview.ts';

/** A group under the name that a reviewer knows it by, in one request. */
export interface NamedGroup {
  readonly alias: string;
  readonly group: ReviewedGroup;
}

/** What of a submitted review could be kept. */
export interface MappedReview {
  readonly review: Review;
  /** Findings at no place of their candidate. */
  readonly droppedFindings: number;
}

const maxFindings = 30;
const maxReason = 1_000;
const severities: readonly Finding['severity'][] = ['blocker', 'major', 'minor'];

/** A review with candidates in the place of their aliases, and findings at places that are there. */
export function mapReview(
  submitted: SubmittedReview,
  named: readonly NamedGroup[],
  profile: ModelProfile,
  base: ReviewMaterial['base'],
): MappedReview {
  const candidates: CandidateReview[] = [];
  let droppedFindings = 0;
  for (const { alias, group } of named) {
    const said = submitted.candidates.find(({ candidate }) => candidate === alias);
    if (said === undefined) continue;
    const findings = said.findings.flatMap((finding) => anchorFinding(finding, { files: group.files, base }) ?? []);
    droppedFindings += said.findings.length - findings.length;
    const kept = bounded(findings.map((finding) => ({ ...finding, reason: reasonOf(finding, alias, named) })));
    candidates.push(...group.ids.map((candidate) => ({ candidate, findings: kept, ...verdictOf(said) })));
  }
  return {
    review: {
      reviewer: profile.id,
      reviewerLabel: profile.label,
      order: named.flatMap(({ group }) => group.ids),
      candidates,
      preferences: preferencesOf(submitted, named),
      noneIsMergeable: submitted.none_is_mergeable,
    },
    droppedFindings,
  };
}

function verdictOf(said: SubmittedCandidate): Omit<CandidateReview, 'candidate' | 'findings'> {
  return {
    doesWhatWasAsked: said.does_what_was_asked,
    isComplete: said.is_complete,
    staysInScope: said.stays_in_scope,
    wouldMerge: said.would_merge,
  };
}

/** Candidates of one group are equal: what is preferred to one is preferred to all of them. */
function preferencesOf({ preferences }: SubmittedReview, named: readonly NamedGroup[]): readonly Preference[] {
  const idsOf = (alias: string) => named.find((each) => each.alias === alias)?.group.ids ?? [];
  return preferences.flatMap(({ first, second, preferred }) => {
    if (preferred !== first && preferred !== second) return [];
    const worseIds = idsOf(preferred === first ? second : first);
    return idsOf(preferred).flatMap((better) => worseIds.map((worse) => ({ better, worse })));
  });
}

/** The aliases mean nothing to whoever reads this. */
function reasonOf({ reason }: Finding, own: string, named: readonly NamedGroup[]): string {
  const alias = `(?:${named.map((each) => each.alias).join('|')})(?![\\w])`;
  const mention = new RegExp(`\\bcandidates? (${alias}(?:(?:, and|, or|,| and| or|/) ?${alias})*)`, 'gi');
  const plain = reason.replace(mention, (_, mentioned: string) => {
    const aliases = mentioned.toUpperCase().split(/,? AND |,? OR |, ?|\//);
    if (aliases.length > 1) return aliases.includes(own) ? 'these candidates' : 'other candidates';
    return aliases[0] === own ? 'this candidate' : 'another candidate';
  });
  return plainParagraph(plain, maxReason);
}

/** Each finding once, the worst of them where there are very many. */
function bounded(findings: readonly Finding[]): readonly Finding[] {
  const different = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
  return [...different.values()]
    .filter(({ reason }) => reason !== '')
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
    .slice(0, maxFindings);
}
