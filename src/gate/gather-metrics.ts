import type { DecisionName } from '../core/records.js';
import { cropGeometryOf, readDataset } from '../workspace/dataset.js';
import { allImages } from '../workspace/images.js';
import { openProposals } from '../workspace/proposals.js';
import { type DecidedImage, reasonOf } from '../core/decided-image.js';
import { type PurifiedList, readPurifiedList } from '../workspace/purified-list.js';
import { chooseRun, findRun, type Run } from '../workspace/runs.js';
import { currentKey, currentResult } from '../workspace/stage.js';
import { networkTitles, type SiftResult } from '../workspace/results.js';
import type { Workspace } from '../workspace/workspace.js';
import type { Baseline } from './baseline.js';
import type { IdentityCounts, JudgedImage, Known, Metrics, StillShared } from './metrics.js';
import { profileOf, type SetProfile, settingsOf } from './set-profile.js';

/** Reads every metric that the workspace holds. @throws MissingStageError before the first ingest */
export function gatherMetrics(workspace: Workspace, baseline?: Baseline): Metrics {
  const dataset = readDataset(workspace);
  const unreadable = allImages(workspace).filter(({ state }) => state === 'unreadable');
  const sifted = currentSift(workspace, dataset.fingerprint);
  const ofSift = <T>(figure: (current: CurrentSift) => Known<T>): Known<T> =>
    'notRun' in sifted ? sifted : figure(sifted.known);
  return {
    readable: dataset.images.length,
    unreadable: unreadable.map(({ path, error }) => ({ path, reason: error ?? '' })),
    decided: ofSift(({ images }) => ({ known: { images: images.map(judged), identities: countByIdentity(images) } })),
    noiseRate: ofSift(({ figures }) => noiseRateOf(figures)),
    proposals: ofSift(({ run, list }) => ({ known: openProposals(workspace, run, list) })),
    shared: ofSift(({ images, figures }) =>
      figures.overlap ? { known: stillShared(figures.overlap, images) } : noReference,
    ),
    verification: ofSift(() => verificationOf(workspace)),
    indexRecall: ofSift(({ figures }) => ({ known: figures.index.ownRecallAt10 })),
    profile: ofSift((current) => ({ known: profileFrom(workspace, current, dataset.identities.length) })),
    baseline: baseline ? { known: baseline } : noBaseline,
  };
}

function noiseRateOf({ noiseRate, withheld }: SiftResult): Known<number> {
  if (withheld) return notJudged;
  return noiseRate ? { known: noiseRate.estimate } : notMeasured;
}

const notJudged = {
  notRun:
    'trained from scratch, the network learnt too little to judge by: sift with a pretrained model (docs/pretrained-models.md)',
};
const notMeasured = { notRun: 'too few identities have two photographs to compare' };
const earlierVersion = { notRun: 'the last sift was of an earlier version: run `facesieve sift --force`' };
const noReference = {
  notRun: 'there is no reference set: name one with `facesieve ingest SOURCE --reference SET`, then sift',
};
const noBaseline = {
  notRun: 'no baseline was named with --baseline: write one with `facesieve gate --write-baseline`',
};

interface CurrentSift {
  run: Run;
  figures: SiftResult;
  images: DecidedImage[];
  list: PurifiedList;
}

/** The last sift, when it was of the set as it is now. */
function currentSift(workspace: Workspace, fingerprint: string): Known<CurrentSift> {
  if (currentKey(workspace, 'sift') === undefined)
    return { notRun: 'nothing was sifted yet: run `facesieve sift`, or `facesieve run SOURCE`' };
  const run = chooseRun(workspace, undefined, 'sift');
  if ((run.inputs as { dataset?: string }).dataset !== fingerprint)
    return { notRun: 'the set is not the one of the last sift any more: run `facesieve run SOURCE`' };
  const figures = currentResult(workspace, 'sift');
  if (!figures) return earlierVersion;
  const list = readPurifiedList(workspace, run.id);
  return { known: { run, figures, images: list.images, list } };
}

const judged = ({
  image,
  name,
  final,
  finalIdentity,
  verdict,
  reason,
  pNoise,
  evidence,
}: DecidedImage): JudgedImage => ({
  ...{ path: image.path, identity: name, final, finalIdentity, pNoise },
  reason: reasonOf({ verdict, reason, evidence }),
});

/** By name; an identity that only a verdict knows of counts too. */
function countByIdentity(images: readonly DecidedImage[]): IdentityCounts[] {
  const counts = new Map<string, IdentityCounts>();
  const of = (identity: string): IdentityCounts => {
    const known = counts.get(identity) ?? { identity, found: 0, copies: 0, dropped: 0, relabelled: 0, left: 0 };
    counts.set(identity, known);
    return known;
  };
  const loss: Partial<Record<DecisionName, 'copies' | 'dropped' | 'relabelled'>> = {
    duplicate: 'copies',
    drop: 'dropped',
    relabel: 'relabelled',
  };
  for (const { name, final, finalIdentity } of images) {
    const own = of(name);
    own.found++;
    const kind = loss[final];
    if (kind) own[kind]++;
    if (finalIdentity !== null) of(finalIdentity).left++;
  }
  return [...counts.values()].sort((a, b) => (a.identity < b.identity ? -1 : 1));
}

/** Images and people of the reference set that are still in the purified set. */
function stillShared({ images, people }: StillShared, decided: readonly DecidedImage[]): StillShared {
  const kept = decided.filter(({ finalIdentity }) => finalIdentity !== null);
  const paths = new Set(kept.map(({ image }) => image.path));
  const identities = new Set(kept.map(({ finalIdentity }) => finalIdentity));
  const once = new Map(people.map((person) => [person.identity, person]));
  return {
    images: images.filter(({ path }) => paths.has(path)),
    people: [...once.values()].filter(({ identity }) => identities.has(identity)),
  };
}

function verificationOf(workspace: Workspace): Metrics['verification'] {
  const evaluated = currentResult(workspace, 'evaluate');
  if (!evaluated) return { notRun: 'not measured yet: run `facesieve evaluate`' };
  if (!evaluated.verification)
    return {
      notRun: 'there were too few images for pairs: run `facesieve evaluate --pairs FILE` with pairs of your own',
    };
  const { before, after } = evaluated.verification;
  if (after) return { known: { accuracy: after.accuracy, of: networkTitles.after } };
  const seen = evaluated.pairs.from === 'kept images' ? ', on images that it was trained on' : '';
  return { known: { accuracy: before.accuracy, of: `${networkTitles.before}${seen}` } };
}

function profileFrom(workspace: Workspace, { run, figures, images }: CurrentSift, identities: number): SetProfile {
  const training = findRun(workspace, run.parent!)!.config;
  const settings = settingsOf(cropGeometryOf(workspace), training, run.config);
  return profileOf(images, { identities, noiseRate: figures.noiseRate?.estimate ?? 0, settings });
}
