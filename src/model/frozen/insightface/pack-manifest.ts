import { existsSync, realpathSync, statSync } from 'node:fs';
import { readGivenText, readRegular } from '../../../core/regular-file.js';
import { join, sep } from 'node:path';
import { z } from 'zod';
import { PUBLISHED_SIZE } from '../../../core/config.js';
import { FormatError, PathError } from '../../../core/errors.js';
import type { PixelRange } from '../../../core/face-models.js';
import { sha256 } from '../../../core/fingerprint.js';

const MANIFEST = 'manifest.json';
/** The only version insightface heeds; with any other it looks at shapes, as without a manifest. */
const VERSION = 2;
/** A manifest is a few lines; what is longer is none. */
const LONGEST = 1 << 20;

const preprocessing = z.union([
  z.literal('embedded'),
  z.strictObject({ mean: z.number(), std: z.number().positive() }),
]);
const safePath = z
  .string()
  .regex(/\.onnx$/i, 'is not an .onnx file')
  .refine(
    (path) => !/[\\:\0]|^\//.test(path) && path.split('/').every((part) => !['', '.', '..'].includes(part)),
    'leads out of the pack',
  );
const hash = z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 in lower case');
const task = z.object({ file: safePath, sha256: hash.optional(), preprocessing: preprocessing.optional() });
const schema = z.object({
  manifest_version: z.literal(VERSION),
  model_id: z.string(),
  license: z.string(),
  tasks: z.object({
    detection: task.optional(),
    recognition: task.extend({ input_size: z.array(z.number()).optional() }).optional(),
  }),
});

/** A file that a manifest names, with how it wants its pixels. */
export interface ManifestFile extends PixelRange {
  file: string;
}

export interface PackManifest {
  embedder?: ManifestFile;
  detector?: ManifestFile;
  /** File with the licence, as the manifest names it. */
  licence: string;
}

/** insightface's own values where a manifest has none. */
const usual = {
  detection: { mean: 127.5, scale: 128 },
  recognition: { mean: 127.5, scale: 127.5 },
} as const;

/**
 * What the manifest of a pack says, or undefined when it has none of version 2.
 * @throws FormatError when it is wrong, or a file is not the one it was written for; PathError when a file is missing
 */
export function readManifest(folder: string): PackManifest | undefined {
  const raw = rawManifest(folder);
  if (raw === undefined) return undefined;
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues;
    throw new FormatError(`"${join(folder, MANIFEST)}" is not a manifest of a pack: ${path.join('.')}: ${message}.`, [
      'Fetch the pack again, or delete the manifest: then the files are recognised by their shapes.',
    ]);
  }
  const { tasks, license } = parsed.data;
  const side = tasks.recognition?.input_size?.find((length) => length !== PUBLISHED_SIZE);
  if (side !== undefined)
    throw new FormatError(
      `"${join(folder, MANIFEST)}" says that its model takes images of ${side} pixels; only ${PUBLISHED_SIZE} can be used.`,
    );
  return {
    embedder: tasks.recognition && fileOf(folder, 'recognition', tasks.recognition),
    detector: tasks.detection && fileOf(folder, 'detection', tasks.detection),
    licence: license,
  };
}

function rawManifest(folder: string): unknown {
  const file = join(folder, MANIFEST);
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile() || found.size > LONGEST) return undefined;
  try {
    const raw: unknown = JSON.parse(readGivenText(file));
    const version = z.object({ manifest_version: z.literal(VERSION) });
    return version.safeParse(raw).success ? raw : undefined;
  } catch {
    return undefined; // insightface, too, goes by shapes then
  }
}

function fileOf(folder: string, name: keyof typeof usual, given: z.infer<typeof task>): ManifestFile {
  const file = join(folder, ...given.file.split('/'));
  if (!existsSync(file))
    throw new PathError(`"${folder}" lacks "${given.file}", which its ${MANIFEST} names for ${name}.`, [
      'Fetch the pack again; facesieve fetches nothing.',
    ]);
  if (!realpathSync(file).startsWith(realpathSync(folder) + sep))
    throw new FormatError(`"${file}" leads out of the pack.`);
  if (given.sha256 !== undefined && sha256(readRegular(file)) !== given.sha256)
    throw new FormatError(`"${file}" is not the file that its ${MANIFEST} was written for: its SHA-256 is another.`, [
      'Fetch the pack again: it is damaged, or a file was exchanged.',
    ]);
  if (given.preprocessing === 'embedded') return { file, mean: 0, scale: 1 };
  const { mean, std } = given.preprocessing ?? {};
  return { file, mean: mean ?? usual[name].mean, scale: std ?? usual[name].scale };
}
