import type { FileChange } from '../domain.ts';

const changeWords =
  /\b(?:add(?:ed|s)?|chang(?:ed|es?)|creat(?:ed|es?)|delet(?:ed|es?)|edit(?:ed|s)?|extend(?:ed|s)?|extract(?:ed|s)?|fix(?:ed|es)?|implement(?:ed|s)?|introduc(?:ed|es?)|modif(?:ied|ies|y)|mov(?:ed|es?)|refactor(?:ed|s)?|remov(?:ed|es?)|renam(?:ed|es?)|replac(?:ed|es?)|rewr(?:ote|itten)|updat(?:ed|es?)|wrote|written)\b/i;
/** A sentence with such a word may say that something was left alone, could be done, or is somebody else's work. */
const doubtWords =
  /\b(?:not?|never|nothing|without|unchanged|untouched|instead|already|un(?:able|til)|could|can|cannot|should|would|might|may|will|if|when|already|existing|remains?|left|open|todo|next|needs?|consider)\b|n['’]t\b/i;
/** What stands right before a path that is only referred to. */
const referringWords =
  /\b(?:like|as|in line with|from|see|match(?:es|ing)?|follow(?:s|ing)?|based on|per|by|with|of|than|against|via|using|uses?|reads?|imports?|calls?|for|next to|beside|alongside)\s+(?:the\s+)?$/i;
const listItem = /^\s*(?:[-*+]|\d+[.)])\s+/;
/** A path in backquotes, or a bare one that has a folder and an extension. */
const pathToken = /`([^`\s]+)`|(?<![\w/@.:`-])((?:[\w@.-]+\/)+[\w@.-]+\.\w+)(?![\w/`])/g;

/**
 * The paths that a model's account claims were changed and that the patch leaves alone; `knownPaths` are the folder's files. Careful
 * rather than complete: only plain statements about one certain file count, and a blamed file is blamed for good reason.
 */
export function checkSummary(
  summary: string,
  changes: readonly FileChange[],
  knownPaths: readonly string[],
): { readonly claimed: readonly string[] } {
  const changed = new Set(changes.flatMap(({ base, after }) => [base?.path, after?.path]));
  const files = Map.groupBy(new Set([...knownPaths, ...changed].filter((path) => path !== undefined)), nameOf);
  const claimed = new Set<string>();
  for (const named of claimsIn(summary)) {
    const alike = (files.get(nameOf(named)) ?? []).filter((path) => path === named || path.endsWith(`/${named}`));
    const candidates = alike.includes(named) ? [named] : alike;
    // A name of several files is not a claim about any one of them; a name of none is one about a file that was never made.
    if (candidates.length > 1 || (candidates.length === 0 && !looksLikeFile(named))) continue;
    const path = candidates[0] ?? named;
    if (!changed.has(path)) claimed.add(path);
  }
  return { claimed: [...claimed] };
}

/** The paths that the text says were changed, as they are written there. */
function claimsIn(summary: string): string[] {
  const claims: string[] = [];
  let isListOfChanges = false;
  for (const line of summary.replace(/```[\s\S]*?(?:```|$)/g, '').split('\n')) {
    const isItem = listItem.test(line);
    if (line.trim() !== '' && !isItem) isListOfChanges = changeWords.test(line) && !doubtWords.test(line);
    for (const sentence of line.replace(listItem, '').split(/(?<=[.!?;])\s+/)) {
      const isAboutItsStart = isItem && isListOfChanges && /^[*_]{0,2}`?[\w@.-]+[/.]/.test(sentence);
      if (doubtWords.test(withoutPaths(sentence))) continue;
      for (const match of sentence.matchAll(pathToken)) {
        const before = sentence.slice(0, match.index);
        const isClaim = changeWords.test(withoutPaths(before)) || (isAboutItsStart && match.index <= 2);
        if (isClaim && !referringWords.test(before)) claims.push((match[1] ?? match[2] ?? '').replace(/^\.\//, ''));
      }
    }
  }
  return claims;
}

function withoutPaths(text: string): string {
  return text.replace(pathToken, '');
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Code in backquotes is mostly no file: a file that nobody knows has at least a folder and an extension. */
function looksLikeFile(name: string): boolean {
  return /^(?:[\w@.-]+\/)+[\w@.-]*\.[a-z]\w{0,7}$/i.test(name);
}
