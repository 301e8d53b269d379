const intent =
  /^(?:(?:ok(?:ay)?|alright|sure|great|good|now|next|first|then|so|understood)\b[\s,.!:]*)*(?:i\s+will|i['’]ll|i['’]m\s+(?:now\s+)?going\s+to|i\s+am\s+(?:now\s+)?going\s+to|let\s+me(?!\s+know)|let['’]s)\b/i;

/** Whether a text that came without calls ends by saying what its writer is about to do, rather than what was done. */
export function isAnnouncement(text: string): boolean {
  const last = text
    .trim()
    .split(/(?<=[.!?:])\s+|\n+/)
    .findLast((sentence) => sentence.trim() !== '');
  return last !== undefined && intent.test(last.trim().replace(/^[-*_#>\s]+/, ''));
}
