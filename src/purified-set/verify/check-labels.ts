import type { LedgerRow } from '../ledger.js';
import { type Finding, finding } from './finding.js';
import type { LabelRow } from './written-set.js';
import { quantity } from '../../core/text/quantity.js';

const FILE = 'label-map.csv';

/** Whether the label map has every identity of the ledger, with its number of images, and labels from 0 without a gap. */
export function checkLabels(labels: readonly LabelRow[], rows: ReadonlyMap<string, LedgerRow>): Finding[] {
  const counts = new Map<string, number>();
  for (const { new_identity } of rows.values()) counts.set(new_identity, (counts.get(new_identity) ?? 0) + 1);
  const named = new Set(labels.map(({ identity }) => identity));
  const unnamed = [...counts.keys()].filter((identity) => !named.has(identity));
  return [
    ...unnamed.map((identity) => finding('labels', FILE, `it does not have "${identity}"`)),
    ...labels.flatMap((row) => checkRow(row, counts.get(row.identity) ?? 0)),
    ...checkNumbers(labels),
    ...checkFolders(labels, rows),
  ];
}

function checkRow({ identity, new_label, images }: LabelRow, count: number): Finding[] {
  if ((new_label === '') !== (count === 0))
    return [
      finding(
        'labels',
        FILE,
        `"${identity}" has ${new_label === '' ? 'no label' : 'a label'} and ${quantity(count, 'image')}`,
      ),
    ];
  if (Number(images) === count) return [];
  return [finding('labels', FILE, `"${identity}" has ${quantity(Number(images), 'image')}; ${count} by the ledger`)];
}

function checkNumbers(labels: readonly LabelRow[]): Finding[] {
  const numbers = labels
    .flatMap(({ new_label }) => (new_label === '' ? [] : [Number(new_label)]))
    .sort((a, b) => a - b);
  return numbers.every((number, i) => number === i) ? [] : [finding('labels', FILE, 'labels are not 0, 1, 2, …')];
}

/** Formats that call images by their paths have them below the identity's folder. */
function checkFolders(labels: readonly LabelRow[], rows: ReadonlyMap<string, LedgerRow>): Finding[] {
  const folderOf = new Map(labels.map(({ identity, folder }) => [identity, folder]));
  return [...rows].flatMap(([path, { new_identity }]) => {
    const folder = folderOf.get(new_identity);
    const plain = path.replace(/^images\//, '');
    const strays =
      folder !== undefined && plain.includes('/') && ![path, plain].some((p) => p.startsWith(`${folder}/`));
    return strays ? [finding('labels', path, `not in the folder of "${new_identity}", ${folder}`)] : [];
  });
}
