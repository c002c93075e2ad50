import { countReasons, UNLABELLED } from '../../core/understood.js';
import type { Config } from '../../core/config.js';
import { throwIfInterrupted } from '../../core/interrupt.js';
import type { Progress } from '../../core/progress.js';
import { Findings } from '../../formats/dataset/findings.js';
import { openSources, sourceSettings } from '../../formats/dataset/open-sources.js';
import { unlikelyPeople } from '../../identities/unlikely-people.js';

/** What an ingest would read, by names and heads alone. */
export interface IngestPreview {
  /** Nothing was decoded and nothing was written. */
  dryRun: true;
  /** Images that would be tried. */
  images: number;
  identities: number;
  /** Samples without a label. */
  unlabelled: number;
  notUsed: { reason: string; count: number }[];
  /** What a row of the source means. */
  understood: string[];
  warnings: string[];
}

/**
 * Reads the names and heads of `source` and tells how an ingest would understand it. Writes nothing.
 * @throws PathError, FormatError, EmptyInputError
 */
export async function previewIngest(
  config: Config,
  source: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<IngestPreview> {
  const settings = sourceSettings(config, source, config.ingest.also);
  const findings = new Findings();
  const heads = { ...settings, options: { ...settings.options, headsOnly: true } };
  const set = await openSources(heads, progress, findings);
  const people = new Map<string, number>();
  const reasons: string[] = [];
  let images = 0;
  for await (const { identity, refusal } of set.entries()) {
    throwIfInterrupted(signal);
    if (refusal) reasons.push(refusal.reason);
    else people.set(identity, (people.get(identity) ?? 0) + 1);
    if (!refusal && ++images % 1000 === 0) progress.update('ingest', `${images} images`);
  }
  const { notes, warnings } = findings.understood();
  const unlabelled = reasons.filter((reason) => reason.startsWith(UNLABELLED)).length;
  return {
    dryRun: true,
    images,
    identities: people.size,
    unlabelled,
    notUsed: countReasons(reasons),
    understood: notes,
    warnings: [...warnings, ...unlikelyPeople(people)],
  };
}
