import { FormatError } from '../../core/errors.js';
import type { EffectiveNames } from '../../identities/names/effective-names.js';
import { readCsv } from '../csv.js';
import { suggestName } from '../../core/nearest-name.js';
import { ImportedFile } from './imported-file.js';
import type { Part } from '../../identities/names/name-actions.js';

/**
 * Groups of the images of `name` out of a CSV with the columns `path` and `group`. A group that is a number has no name of
 * its own; others are called what `group` says. The group with the most images comes first, as it keeps the name.
 * @throws PathError, FormatError when a row is about no image of `name`
 */
export function readGroups(file: string, name: string, names: EffectiveNames, paths: readonly string[]): Part[] {
  const groups = new Map<string, string[]>();
  const seen = new Map<string, string>();
  const own = paths.filter((path) => names.nameOf(path) === name);
  const known = new Set(own);
  readCsv(new ImportedFile(file).tableText(), file).forEach((row, i) => {
    const place = `${file}, row ${i + 1}`;
    const { path, group } = row as { path?: string; group?: string };
    if (path === undefined || group === undefined)
      throw new FormatError(`${place}: the columns "path" and "group" are needed.`, [
        'A row says which group an image belongs to, for example: "Ada/3.jpg,2".',
      ]);
    if (group.trim() === '') return;
    if (!known.has(path))
      throw new FormatError(`${place}: "${path}" is not an image of ${name}.`, suggestName(path, own));
    const other = seen.get(path);
    if (other !== undefined && other !== group)
      throw new FormatError(`${place}: "${path}" is in two groups, "${other}" and "${group}".`, [
        'Leave one of the two.',
      ]);
    if (other === undefined) groups.set(group, [...(groups.get(group) ?? []), path]);
    seen.set(path, group);
  });
  const inOrder = [...groups].sort(
    ([one, a], [other, b]) => Number(other === name) - Number(one === name) || b.length - a.length,
  );
  return inOrder.map(([group, images]) => (/^\d+$/.test(group) ? { images } : { name: group, images }));
}
