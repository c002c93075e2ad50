import { z } from 'zod';
import { packRoots } from '../model/frozen/insightface/find-pack.js';
import { table } from '../report/table.js';

export const packsSchema = z.array(
  z.object({
    name: z.string(),
    folder: z.string(),
    embedder: z.string().nullable(),
    detector: z.string().nullable(),
    licence: z.string().nullable(),
    problem: z.string().nullable(),
  }),
);

/** The packs of insightface that are there, with what their files do, or where they would be. */
export function packsTable(packs: z.infer<typeof packsSchema>): string {
  if (packs.length === 0)
    return `No packs of insightface are in ${packRoots().join(', ')}. Any folder: --backbone insightface:/path`;
  const rows = packs.map(({ name, folder, embedder, detector, licence, problem }) =>
    problem === null
      ? [`insightface:${name}`, embedder ?? '', detector ?? 'none', licence ?? '', folder]
      : [name, '', '', problem, ''],
  );
  return `Packs of insightface, used frozen:\n\n${table(['--backbone', 'embeds', 'finds faces', 'licence', 'folder'], rows)}`;
}
