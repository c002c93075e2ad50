import { readRegular } from '../../core/regular-file.js';
import { isFile } from './find-files.js';
import type { Findings } from './findings.js';
import { parseRecord } from './sidecars.js';

/** Most bytes of a file that only holds counts. */
const MOST_BYTES = 1 << 20;

/** How many images img2dataset says that it put into a part of a set, in `00000_stats.json` beside it; undefined without one. */
export function countBeside(stem: string): { count: number; said: string } | undefined {
  const file = `${stem}_stats.json`;
  if (!isFile(file)) return undefined;
  const { successes } = parseRecord(readRegular(file, MOST_BYTES));
  return typeof successes === 'number' ? { count: successes, said: file } : undefined;
}

/** Rows that Hugging Face's `dataset_info.json` promises of all splits in a folder; undefined without one. */
export function rowsPromised(folder: string): { count: number; said: string } | undefined {
  const file = `${folder}/dataset_info.json`;
  if (!isFile(file)) return undefined;
  const { splits } = parseRecord(readRegular(file, MOST_BYTES));
  if (typeof splits !== 'object' || splits === null) return undefined;
  const counts = Object.values(splits).map(
    (split: unknown) => (split as { num_examples?: unknown } | null)?.num_examples,
  );
  if (counts.length === 0 || !counts.every((count) => typeof count === 'number')) return undefined;
  return { count: counts.reduce((sum, count) => sum + count, 0), said: file };
}

/** Warns where a part of a set holds another number of images than a file beside it says. */
export function warnOfCount(
  findings: Findings,
  part: string,
  found: number,
  told: { count: number; said: string } | undefined,
): void {
  if (told === undefined || told.count === found) return;
  findings.warn(
    `"${part}" holds ${found} images or rows, but "${told.said}" says ${told.count}: the download may be incomplete`,
  );
}

/** Missing numbers that are named. */
const NAMED = 5;

/** Warns where numbers are left out in the names of a set's parts: `00001.tar`, `train-00000-of-00008.parquet`. */
export function checkShardNames(names: readonly string[], findings: Findings): void {
  const series = new Map<string, { numbers: Set<number>; digits: number; total: number | undefined }>();
  for (const name of names) {
    const parts = /^(.*?)(\d+)(?:-of-(\d+))?(\.[^/]*)$/.exec(name);
    if (parts === null) continue;
    const [, before, number, total, ending] = parts;
    const key = `${before}*${total ?? ''}${ending}`;
    const one = series.get(key) ?? { numbers: new Set(), digits: number.length, total: undefined };
    one.numbers.add(Number(number));
    if (total !== undefined) one.total = Number(total);
    series.set(key, one);
  }
  for (const [key, { numbers, digits, total }] of series) {
    const last = total === undefined ? Math.max(...numbers) : total - 1;
    const first = total === undefined ? Math.min(...numbers) : Math.min(0, ...numbers);
    const count = last - first + 1;
    // names that end in large numbers of their own (dates, ids) are no series
    if (count <= numbers.size || (total === undefined && (numbers.size < 2 || count > 4 * numbers.size))) continue;
    const missing: string[] = [];
    for (let at = first; at <= last && missing.length < NAMED; at++)
      if (!numbers.has(at)) missing.push(String(at).padStart(digits, '0'));
    findings.warn(
      `of ${count} numbered files ${key.replace(/\*\d*/, `*`)} only ${numbers.size} are there; ` +
        `${missing.join(', ')}${count - numbers.size > missing.length ? ' and more' : ''} missing`,
    );
  }
}
