import { existsSync } from 'node:fs';
import { configSchema } from '../core/config.js';
import { isAnswered } from '../core/decided-image.js';
import type { DecisionName } from '../core/records.js';
import { countSaid, currentVerdicts } from '../workspace/verdicts.js';
import { currentFingerprint, isHalfIngested } from '../workspace/dataset.js';
import { embeddingFileOf } from '../workspace/embedding-file.js';
import { countFiles } from '../workspace/ingest-summary.js';
import { purifiedFolder, purifyCommand } from '../workspace/purify-command.js';
import { countFinal, type PurifiedList, readPurifiedList } from '../workspace/purified-list.js';
import { checkpointFileOf, findRun, type Run } from '../workspace/runs.js';
import { currentKey, type FinishedWork, finishedWork, keyOf } from '../workspace/stage.js';
import type { RunStageName } from '../workspace/results.js';
import { readFact, type Workspace } from '../workspace/workspace.js';
import { markOf, readExistingSet } from '../purified-set/existing-set.js';
import { markFor, type SetSettings } from './purify.js';
import { shellWord } from '../core/text/visible-text.js';

const stageNames = [
  'ingest',
  'train',
  'embed',
  'sift',
  'purify',
  'retrain',
  'evaluate',
  'report',
] as const satisfies readonly RunStageName[];

/** `stale`: done, but on something that has changed since. */
export type StageState = 'done' | 'stale' | 'missing';

export interface StageStatus {
  name: RunStageName;
  state: StageState;
  /** Why it is stale or missing. */
  why?: string;
  finishedAt?: string;
}

export interface Status {
  workspace: string;
  source: string | null;
  files: number;
  images: number;
  identities: number;
  unreadable: number;
  skipped: number;
  /** After verdicts; null before the first sift. */
  decisions: Record<DecisionName, number> | null;
  /** Images with a verdict of a person that holds. */
  verdicts: number;
  /** Images that the program is unsure of and nobody has spoken of. */
  toReview: number;
  stages: StageStatus[];
  /** What to do now: a command that can be pasted. */
  next: string;
  /** What else can be done then. */
  further: string[];
}

/** Says what `workspace` holds, which stage is stale and why, and what comes next. @param option `-w DIR`, where one is needed */
export function statusOf(workspace: Workspace, option = ''): Status {
  const source = readFact(workspace, 'source') ?? null;
  const list = siftedList(workspace);
  const counts = countFiles(workspace);
  const verdicts = currentVerdicts(workspace);
  const stages = stagesOf(workspace, list);
  const toReview = (list?.images ?? []).filter(
    ({ final, verdict, evidence }) => final === 'review' && !isAnswered(verdict, evidence.face),
  ).length;
  const [next, ...further] = commandsFor(workspace, stages, toReview).map((command) =>
    command.startsWith('facesieve verify') ? command : `${command}${option}`,
  );
  return {
    workspace: workspace.folder,
    source,
    files: counts.images + counts.unreadable + counts.skipped,
    ...counts,
    decisions: list ? countFinal(list.images) : null,
    ...{ verdicts: verdicts.size, toReview, stages, next, further },
  };
}

const siftedList = (workspace: Workspace): PurifiedList | undefined =>
  runOf(workspace, 'sift') && readFact(workspace, 'source') !== undefined && !isHalfIngested(workspace)
    ? readPurifiedList(workspace)
    : undefined;

const runOf = (workspace: Workspace, stage: RunStageName): Run | undefined => {
  const key = currentKey(workspace, stage);
  return key === undefined ? undefined : findRun(workspace, key);
};

function stagesOf(workspace: Workspace, list: PurifiedList | undefined): StageStatus[] {
  const stages: StageStatus[] = [];
  const earlier = (name: RunStageName): StageStatus => stages.find((stage) => stage.name === name)!;
  for (const name of stageNames) {
    const why = whyNotDone(workspace, name, list);
    const before = needs[name].map(earlier).find(({ state }) => state !== 'done');
    const work = workOf(workspace, name);
    const because = why ?? (before && `${before.name} is ${before.state}`);
    stages.push({
      name,
      state: because === undefined ? 'done' : work ? 'stale' : 'missing',
      ...(because !== undefined && { why: because }),
      ...(work && { finishedAt: work.finishedAt }),
    });
  }
  return stages;
}

const needs: Record<RunStageName, RunStageName[]> = {
  ingest: [],
  train: ['ingest'],
  embed: ['train'],
  sift: ['embed'],
  purify: ['sift'],
  retrain: ['sift'],
  evaluate: ['retrain'],
  report: ['sift'],
};

const workOf = (workspace: Workspace, name: RunStageName): FinishedWork | undefined => {
  const key = currentKey(workspace, name);
  return key === undefined ? undefined : finishedWork(workspace, key);
};

/** Why `name` has to be done, or done again, apart from the stages before it. */
function whyNotDone(workspace: Workspace, name: RunStageName, list: PurifiedList | undefined): string | undefined {
  const work = workOf(workspace, name);
  if (name === 'ingest' && !work)
    return readFact(workspace, 'ingest:key') === undefined ? 'nothing was ingested yet' : 'it was interrupted';
  if (!work) return 'it was not run yet';
  if (name === 'ingest') return undefined;
  const run = runOf(workspace, name);
  const train = runOf(workspace, 'train');
  switch (name) {
    case 'train':
      if (datasetOf(run) !== currentFingerprint(workspace)) return 'other images were ingested since';
      return run && existsSync(checkpointFileOf(workspace, run.id)) ? undefined : 'its checkpoint is gone';
    case 'embed':
      if (train && hasEmbeddings(workspace, train)) return undefined;
      return train && existsSync(embeddingFileOf(workspace, train.id))
        ? 'images were ingested or forgotten since'
        : 'another network was trained since';
    case 'sift':
      if (run?.parent !== train?.id) return 'another network was trained since';
      if (list?.namesChanged) return 'verdicts on names were given or taken back since';
      return list?.facesChanged ? 'the face to judge was chosen in some images since' : undefined;
    case 'purify':
      return list && whySetDiffers(workspace, list);
    case 'retrain':
      return (run?.inputs as { sift?: string } | undefined)?.sift === list?.siftRun
        ? undefined
        : 'sift decided anew since';
    case 'evaluate':
    case 'report':
      return laterThan(workspace, work, needs[name]);
  }
}

const datasetOf = (run: Run | undefined): string | undefined =>
  (run?.inputs as { dataset?: string } | undefined)?.dataset;

const hasEmbeddings = (workspace: Workspace, train: Run): boolean =>
  existsSync(embeddingFileOf(workspace, train.id)) &&
  finishedWork(workspace, keyOf('embed', { run: train.id, dataset: currentFingerprint(workspace) })) !== undefined;

function laterThan(
  workspace: Workspace,
  { finishedAt }: FinishedWork,
  stages: readonly RunStageName[],
): string | undefined {
  const later = stages.find((stage) => (workOf(workspace, stage)?.finishedAt ?? '') > finishedAt);
  if (later !== undefined) return `${later} was done again since`;
  return countSaid(workspace) > 0 && lastSaid(workspace) > finishedAt
    ? 'verdicts were given or taken back since'
    : undefined;
}

const lastSaid = (workspace: Workspace): string =>
  [...currentVerdicts(workspace).values()].reduce((last, { givenAt }) => (givenAt > last ? givenAt : last), '');

const modes = configSchema.shape.purify.shape.mode.options;

function whySetDiffers(workspace: Workspace, list: PurifiedList): string | undefined {
  const out = purifiedFolder(workspace);
  if (out === undefined || markOf(out) === undefined) return 'its set is gone';
  const set = readExistingSet(out);
  const mark = markOf(out);
  const isOf = (mode: SetSettings['mode'], extended: boolean): boolean =>
    markFor(list, { out, format: set.format, crops: set.crops, mode, extended }) === mark; // of all decisions: asked until one fits
  return [false, true].some((extended) => modes.some((mode) => isOf(mode, extended)))
    ? undefined
    : 'decisions or verdicts are others since';
}

/** Stages that measure and tell: a purified set is whole without them. */
const AFTERWARDS: readonly RunStageName[] = ['retrain', 'evaluate', 'report'];

/** Fact: the last `run` as it was typed, for whoever interrupts it. */
export const RUN_COMMAND = 'run:command';

/** Commands in the order of their worth: the stage that is missing, else what a person does then. */
function commandsFor(workspace: Workspace, stages: readonly StageStatus[], toReview: number): string[] {
  const first = stages.find(({ state }) => state !== 'done');
  const review = toReview > 0 ? ['facesieve review'] : [];
  const interrupted = readFact(workspace, RUN_COMMAND);
  if (interrupted !== undefined && stages.some(({ name, state }) => name === 'purify' && state === 'missing'))
    return [interrupted];
  if (first && !AFTERWARDS.includes(first.name)) return [commandOf(workspace, first.name), ...review];
  const rest = stages.filter(({ state }) => state !== 'done').map(({ name }) => commandOf(workspace, name));
  const out = purifiedFolder(workspace);
  return [
    ...review,
    ...rest,
    ...(out === undefined ? [] : [`facesieve verify ${shellWord(out)}`]),
    'facesieve identities list',
  ];
}

function commandOf(workspace: Workspace, name: RunStageName): string {
  const source = readFact(workspace, 'source');
  switch (name) {
    case 'ingest':
      return source === undefined ? 'facesieve run SOURCE --out clean' : `facesieve run ${shellWord(source)}`;
    case 'train': {
      const packed = readFact(workspace, 'faces by');
      const backbone = runOf(workspace, 'train')?.config.model.backbone ?? (packed === '' ? undefined : packed);
      return `facesieve train${backbone === undefined ? '' : ` --backbone ${shellWord(backbone)}`}`;
    }
    case 'purify':
      return purifyCommand(workspace);
    default:
      return `facesieve ${name}`;
  }
}
