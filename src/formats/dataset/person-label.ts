/** What Python, R, SQL and spreadsheets write where there is no value. */
const NOTHING = new Set([
  'nan',
  'NaN',
  'None',
  'none',
  'null',
  'NULL',
  '<NA>',
  'N/A',
  'n/a',
  'NA',
  '#N/A',
  '#NA',
  'NaT',
  '-nan',
  '-NaN',
]);

/**
 * Whom a stored label names; '' when it names nobody: nothing, a negative number (which Hugging Face and others write for
 * "no label"), or what programs write for a missing value. A name stays as it is, blanks round it too, since they are
 * where a folder is called so.
 */
export function personOf(label: unknown): string {
  if (label instanceof Uint8Array) return personOf(Buffer.from(label).toString());
  if (typeof label === 'number' || typeof label === 'bigint')
    return label >= 0 && label < Infinity ? String(label) : '';
  if (typeof label !== 'string') return '';
  const text = label.trim();
  return text === '' || NOTHING.has(text) || /^-\d+([.,]\d*)?$/.test(text) ? '' : label;
}

/**
 * The whole number of a class that a label is, or undefined when it is none. `3` and `3.0` are the same class; `0012` is a
 * name.
 */
export function classNumberOf(label: unknown): number | undefined {
  const text = personOf(label).trim();
  return /^(0|[1-9]\d*)(\.0*)?$/.test(text) ? Number(text) : undefined;
}
