/** Amounts are whole cents. */
export function format(cents, currency = 'EUR') {
  return `${(cents / 100).toFixed(2)} ${currency}`;
}

/** Splits an amount into equal parts. */
export function split(cents, parts) {
  return Array.from({ length: parts }, () => Math.round(cents / parts));
}

/** What is due with a discount in percent. */
export function discounted(cents, percent) {
  return cents - Math.floor((cents * percent) / 100);
}
