import type { Workspace } from './workspace.js';

/** Files of the source that are no image of the set, and images in which no face was found. */
export interface UnusedFiles {
  total: number;
  examples: { path: string; why: string }[];
  noFace: number;
}

/** @param most how many files are named one by one, in order of path */
export function unusedFiles({ database }: Workspace, most: number): UnusedFiles {
  const number = (where: string): number =>
    database.prepare(`SELECT count(*) FROM images WHERE role = 'set' AND ${where}`).pluck().get() as number;
  const examples = database
    .prepare(
      `SELECT path, coalesce(error, state) why FROM images WHERE slot IS NULL AND role = 'set' ORDER BY path LIMIT ?`,
    )
    .all(most) as UnusedFiles['examples'];
  return { total: number('slot IS NULL'), examples, noFace: number("state = 'no-face'") };
}
