import { z } from 'zod';
import { checkedRows } from './checked-rows.js';
import { ListedFiles } from './listed-files.js';
import type { PairReader } from './pair-reader.js';
import { sameColumn } from './same-column.js';

const rowSchema = z.object({ path1: z.string().min(1), path2: z.string().min(1), same: sameColumn });

/** A CSV with the columns path1,path2,same. */
export const csvPairs: PairReader = {
  name: 'csv',
  reads: () => true,
  read({ file, roots }) {
    const files = new ListedFiles(roots);
    const pairs = checkedRows(file, rowSchema).map(({ row: { path1, path2, same }, place }) => ({
      first: files.rowAt([path1], place),
      second: files.rowAt([path2], place),
      same,
    }));
    return Promise.resolve({ images: files.images, pairs });
  },
};
