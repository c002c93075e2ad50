import { existsSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { z } from 'zod';
import { FormatError } from '../../core/errors.js';
import { type GivenNameVerdict, givenNameVerdictSchema } from '../../identities/names/name-verdicts.js';
import type { OutFile } from './format.js';
import { ImportedFile } from './imported-file.js';

const KIND = 'facesieve verdicts on names';
const ENDING = '-names.json';

const fileSchema = z.object({ kind: z.literal(KIND), verdicts: z.array(givenNameVerdictSchema) });
export type NamesFile = z.infer<typeof fileSchema>;

/** What goes beside the export `name` of verdicts on images: `decisions.csv` -> `decisions-names.json`. */
const besideName = (name: string): string => name.slice(0, name.length - extname(name).length) + ENDING;

/** The verdicts on names that hold, in order; nothing when there are none. */
export function writeNamesFile(name: string, given: readonly GivenNameVerdict[]): OutFile[] {
  if (given.length === 0) return [];
  const verdicts = given.map(({ verdict, reviewer, givenAt }) => ({ verdict, reviewer, givenAt }));
  return [
    { name: besideName(name), content: `${JSON.stringify({ kind: KIND, verdicts } satisfies NamesFile, null, 1)}\n` },
  ];
}

/** Whether `file` holds verdicts on names only. */
export const isNamesFile = (file: ImportedFile): boolean => file.endsIn(ENDING);

/** The file of verdicts on names that lies beside an export, if there is one. */
export function namesFileBeside({ path, isFolder }: ImportedFile): ImportedFile | undefined {
  const beside = join(dirname(path), besideName(path.split(/[\\/]/).at(-1)!));
  return !isFolder && existsSync(beside) ? new ImportedFile(beside) : undefined;
}

/** @throws FormatError when it is not as `decisions export` writes it */
export function readNamesFile(file: ImportedFile): NamesFile['verdicts'] {
  const parsed = fileSchema.safeParse(file.json());
  if (parsed.success) return parsed.data.verdicts;
  const [issue] = parsed.error.issues;
  throw new FormatError(
    `"${file.path}" is not a file of verdicts on names: ${issue.path.join('.')}: ${issue.message}.`,
    ['`facesieve decisions export --out FILE` writes one beside FILE.'],
  );
}
