/** Turns a title into what stands for it in an address. */
export function slugify(title) {
  return title
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
}

/** A slug that isn't taken yet. */
export function uniqueSlug(title, taken) {
  const slug = slugify(title);
  if (!taken.includes(slug)) return slug;
  return `${slug}-2`;
}
