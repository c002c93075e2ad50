import { z } from 'zod';
import { packRoots } from '../model/frozen/insightface/find-pack.js';
import { INSIGHTFACE_LICENCE } from '../model/frozen/insightface/read-pack.js';
import { table } from '../core/text/table.js';

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
export function packsTable(packs: z.infer<typeof packsSchema>): string[] {
  if (packs.length === 0)
    return [`No packs of insightface are in ${packRoots().join(', ')}. Any folder: --backbone insightface:/path`];
  const whole = packs.filter(({ problem }) => problem === null);
  const rows = whole.map(({ name, folder, embedder, detector }) => [
    ...[`insightface:${name}`, embedder ?? ''],
    ...[detector ?? 'none', folder],
  ]);
  return [
    `Packs of insightface, used frozen; ${INSIGHTFACE_LICENCE}:`,
    '',
    ...(rows.length > 0 ? table(['--backbone', 'embeds', 'finds faces', 'folder'], rows) : []),
    ...packs.flatMap(({ problem }) => problem ?? []),
  ];
}
