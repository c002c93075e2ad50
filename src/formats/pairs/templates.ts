import { z } from 'zod';
import { FormatError } from '../../core/errors.js';
import { checkedRows } from './checked-rows.js';
import { ListedFiles } from './listed-files.js';
import type { Template } from '../../metrics/pair-set.js';
import type { PairReader } from './pair-reader.js';
import { sameColumn } from './same-column.js';

const memberSchema = z.object({
  template_id: z.string().min(1),
  path: z.string().min(1),
  media_id: z.string().optional(),
});
const pairSchema = z.object({ template1: z.string().min(1), template2: z.string().min(1), same: sameColumn });

/**
 * Templates as in IJB: a CSV template_id,path,media_id (an image without a medium is a medium of its own), and pairs of
 * them, template1,template2,same.
 */
export const templatePairs: PairReader = {
  name: 'templates',
  reads: ({ templates }) => templates !== undefined,
  read({ file, roots, templates: membersFile }) {
    const files = new ListedFiles(roots);
    const templates: Template[] = [];
    const indexOf = new Map<string, number>();
    for (const { row, place } of checkedRows(membersFile!, memberSchema)) {
      const image = files.rowAt([row.path], place);
      const known = indexOf.get(row.template_id) ?? templates.push({ name: row.template_id, members: [] }) - 1;
      indexOf.set(row.template_id, known);
      templates[known].members.push({ image, media: row.media_id || `image ${image}` });
    }
    const templateAt = (name: string, place: string): number => {
      const index = indexOf.get(name);
      if (index === undefined) throw new FormatError(`${place}: there is no template "${name}" in ${membersFile}.`);
      return index;
    };
    const pairs = checkedRows(file, pairSchema).map(({ row: { template1, template2, same }, place }) => ({
      first: templateAt(template1, place),
      second: templateAt(template2, place),
      same,
    }));
    return Promise.resolve({ images: files.images, templates, pairs });
  },
};
