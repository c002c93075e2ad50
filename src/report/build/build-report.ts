import { countDecisions } from '../../core/records.js';
import { inWords } from '../../identities/names/name-verdict-words.js';
import { programVersion } from '../../core/version.js';
import type { Report } from '../report.js';
import { facesOfImage } from '../../workspace/face-boxes.js';
import { openProposals } from '../../workspace/proposals.js';
import { countFinal, type PurifiedList } from '../../workspace/purified-list.js';
import { type EvaluateResult, networksToTell } from '../../workspace/results.js';
import { findRun } from '../../workspace/runs.js';
import { readFact, type Workspace } from '../../workspace/workspace.js';
import { buildAngles } from './angles.js';
import { type Lineage, readLineage } from './lineage.js';
import { buildGalleries } from './galleries.js';
import { buildOverlap } from './overlap.js';
import { buildSettings } from './settings.js';
import { buildSkipped } from './skipped.js';
import { spread } from '../../core/sample-evenly.js';
import { buildTraining } from './training.js';
import { TYPICAL, typicalFaces } from './typical-faces.js';
import { worstIdentities } from './worst-identities.js';

/** Identities in the table of the worst. */
const WORST = 20;
/** Images that a person of a split proposal is shown by. */
const OF_A_PERSON = 5;
/** Proposals take the room of so many images. */
const ROOM = 4;

/** Everything that a report tells of a sift run. @param most images of each gallery */
export function buildReport(workspace: Workspace, list: PurifiedList, most: number): Report {
  const { images, dataset } = list;
  const chain = readLineage(workspace, findRun(workspace, list.siftRun)!);
  const { sift, evaluate, compare } = chain.figures;
  const typical = typicalFaces(images);
  const worst = worstIdentities(images);
  return {
    source: dataset.source,
    reference: readFact(workspace, 'reference') ?? null,
    madeAt: newest(chain, list),
    versions: { facesieve: programVersion(), node: process.version.slice(1) },
    notes: notesOf(chain, list),
    rule: chain.sift.config.sift.rule,
    ...{ images: images.length, identities: dataset.identities.length },
    noiseRate: sift.noiseRate ?? null,
    expected: sift.expected ?? null,
    decisions: countFinal(images),
    sifted: countDecisions(images.map(({ decision }) => decision)),
    verdicts: images.filter(({ verdict }) => verdict !== null).length,
    kept: keptOf(list),
    angles: buildAngles(images, chain.sift.config, sift),
    worst: { total: worst.length, identities: worst.slice(0, WORST) },
    galleries: buildGalleries(images, typical, (path) => facesOfImage(workspace, path), most),
    ...buildProposals(workspace, chain, list, most),
    names: list.names.verdicts.map(({ verdict, reviewer, givenAt }) => ({ says: inWords(verdict), reviewer, givenAt })),
    overlap: sift.overlap ? buildOverlap(sift.overlap, typical, dataset.reference, most) : null,
    training: buildTraining(workspace, chain),
    verification: verificationToTell(chain),
    comparison: compare.comparison ?? null,
    detection: evaluate.detection ?? null,
    skipped: buildSkipped(workspace, chain.figures.ingest),
    stages: chain.work.map(({ stage, key: id, finishedAt, seconds }) => ({ stage, id, finishedAt, seconds })),
    settings: buildSettings(workspace, chain),
  };
}

function verificationToTell({ figures: { evaluate } }: Lineage): Report['verification'] {
  if (!evaluate.verification) return null;
  const told = networksToTell(evaluate as EvaluateResult).map((name) => [name, evaluate.verification![name]]);
  return Object.fromEntries(told) as Report['verification'];
}

/** When the last thing was done that a report tells of: the same workspace makes the same report whenever it is asked. */
function newest({ work }: Lineage, { images, names }: PurifiedList): string {
  const times = [
    ...work.map(({ finishedAt }) => finishedAt),
    ...images.flatMap(({ verdict }) => verdict?.givenAt ?? []),
    ...names.verdicts.map(({ givenAt }) => givenAt),
  ];
  return times.reduce((latest, time) => (time > latest ? time : latest), '');
}

function notesOf(chain: Lineage, { dataset, namesChanged, facesChanged }: PurifiedList): string[] {
  const sifted = (chain.sift.inputs as { dataset?: string } | null)?.dataset;
  return [
    sifted !== undefined && sifted !== dataset.fingerprint
      ? ['The images were ingested again since they were sifted: facesieve sift decides on what is there now.']
      : [],
    namesChanged ? ['Names were changed since the images were sifted: facesieve sift decides with the new ones.'] : [],
    facesChanged ? ['Faces were chosen since the images were sifted: facesieve sift judges them.'] : [],
    chain.evaluatedAnother
      ? [
          'The last evaluation was of another sift run, or by another version, and is left out: facesieve evaluate measures this one.',
        ]
      : [],
  ].flat();
}

function keptOf({ images, dataset, names: called }: PurifiedList): Report['kept'] {
  const kept = images.flatMap(({ finalIdentity }) => finalIdentity ?? []);
  const names = new Set(kept);
  return {
    images: kept.length,
    identities: names.size,
    emptied: dataset.identities.filter((identity) => !names.has(called.resolve(identity) ?? identity)),
  };
}

/** The surest proposals, with a few of their pictures; null when this run looked for none. */
function buildProposals(
  workspace: Workspace,
  { sift, figures }: Lineage,
  list: PurifiedList,
  most: number,
): Pick<Report, 'merges' | 'splits'> {
  if (!figures.sift.proposals) return { merges: null, splits: null };
  const { merges, splits } = openProposals(workspace, sift, list);
  const shown = Math.max(1, Math.ceil(most / ROOM));
  const [pairs, faces] = most === 0 ? [0, 0] : [TYPICAL, OF_A_PERSON];
  return {
    merges: {
      total: merges.length,
      proposals: merges.slice(0, shown).map((merge) => ({ ...merge, examples: merge.examples.slice(0, pairs) })),
    },
    splits: {
      total: splits.length,
      proposals: splits.slice(0, shown).map((split) => ({
        ...split,
        groups: split.groups.map((group) => ({ ...group, images: spread(group.images, faces) })),
      })),
    },
  };
}
