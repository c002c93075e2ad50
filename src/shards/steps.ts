import type { PlannedStep } from './plan.js';
import type { Step } from './step.js';
import { embedStep } from './steps/embed.js';
import { ingestStep } from './steps/ingest.js';
import { mergeStep } from './steps/merge.js';

/** In the order in which they run. */
export const steps: readonly Step[] = [ingestStep, embedStep, mergeStep];

/** The steps of a plan for `shards` shards. */
export const plannedSteps = (shards: number, frozen: boolean): PlannedStep[] =>
  steps
    .filter(({ frozenOnly }) => frozen || !frozenOnly)
    .map(({ name, kind, reads, writes }, _, kept) => ({
      ...{ name, kind, writes, tasks: kind === 'map' ? shards : 1 },
      reads: reads.filter((read) => read === 'list' || kept.some((step) => step.name === read)),
    }));
