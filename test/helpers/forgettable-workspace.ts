import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { randomOf } from '../../src/core/random.js';
import type { Decision, Evidence, VerdictName } from '../../src/core/records.js';
import { resolveConfig } from '../../src/core/resolve-config.js';
import { readTensors, writeTensors } from '../../src/core/safetensors.js';
import { crc32c } from '../../src/core/checksum.js';
import { findDamagedCrops } from '../../src/workspace/check-crops.js';
import { cropBytes } from '../../src/core/crop-geometry.js';
import { CropWriter } from '../../src/images/crop-file.js';
import { writeCheckpoint } from '../../src/model/checkpoint.js';
import { featuresName, frozenModel } from '../../src/model/frozen/frozen-model.js';
import { cropFileOf, currentFingerprint, readDataset } from '../../src/workspace/dataset.js';
import { writeDecisions } from '../../src/workspace/decisions.js';
import { embeddingFileOf, featureFileOf, writeEmbeddings } from '../../src/workspace/embedding-file.js';
import { giveIdentityVerdict } from '../../src/workspace/identity-verdicts.js';
import { everyImage, insertImages } from '../../src/workspace/images.js';
import { writeProposals } from '../../src/workspace/proposals.js';
import { checkpointFileOf, findRun, recordRun } from '../../src/workspace/runs.js';
import { giveVerdicts } from '../../src/workspace/verdicts.js';
import { openWorkspace, type Workspace, writeFact } from '../../src/workspace/workspace.js';

const SIDE = 4;
const D = 4;
const K = 2;
const each = 4;

export interface Said {
  path: string;
  verdict: VerdictName;
  identity?: string;
  reviewer?: string;
}

/**
 * A workspace with everything in it that stages leave, without running any: of each person four images, the second with two
 * faces; embeddings, a checkpoint with margins, decisions that name others, proposals, a report, a purified set, something half written.
 */
export function forgettableWorkspace(folder: string, people: readonly string[], said: readonly Said[] = []): void {
  const workspace = openWorkspace(folder);
  writeFileSync(`${folder}.onnx`, 'only its hash counts');
  const config = resolveConfig({ align: 'none', backbone: `${folder}.onnx` });
  writeFact(workspace, 'source', '/somewhere/crawl');
  writeFact(workspace, 'ingest:key', 'ingest-1');
  workspace.database.exec("INSERT INTO stages VALUES ('ingest-1', 'ingest', '{}', 1, '2026-01-01')");
  writeFact(workspace, 'crop', JSON.stringify({ size: SIDE, align: 'none' }));
  insertPeople(workspace, people);
  const dataset = currentFingerprint(workspace);
  recordRun(workspace, { id: 'train-1', stage: 'train', parent: null, config, inputs: { dataset } });
  recordRun(workspace, { id: 'train-0', stage: 'train', parent: null, config, inputs: { dataset: 'another' } });
  recordRun(workspace, { id: 'sift-1', stage: 'sift', parent: 'train-1', config, inputs: { dataset } });
  writeFact(workspace, 'current:sift', 'sift-1');
  writeFact(workspace, 'current:train', 'train-1');
  writeNumbers(workspace);
  writeOpinions(workspace, people, said);
  const derived = { 'reports/report.html': people.join(), 'crops/half.partial': people.join(), 'index/a.bin': '1' };
  const set = Object.fromEntries(['.facesieve-purified', ...people.map((name) => `${name}/0.jpg`)].map((f) => [f, f]));
  for (const [name, text] of [
    ...Object.entries(derived),
    ...Object.entries(set).map(([f, t]) => [`purified/${f}`, t]),
  ]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  workspace.close();
}

function insertPeople(workspace: Workspace, people: readonly string[]): void {
  const random = randomOf('forgettable', ...people);
  const crops = new CropWriter(cropFileOf(workspace), SIDE, 0);
  let slot = 0;
  const paths = Array.from({ length: each }, (_, i) => people.map((identity) => ({ identity, i }))).flat(); // mixed
  paths.forEach(({ identity, i }, id) => {
    const faces = i === 1 ? 2 : 1;
    const drawn = Array.from({ length: faces }, () =>
      Uint8Array.from({ length: cropBytes(SIDE) }, () => random.integer(256)),
    );
    drawn.forEach((crop) => crops.append(crop));
    const path = `${identity}/${i}.jpg`;
    const content = { sha256: `${identity} ${i} in hexadecimal`, width: 16, height: 16, dhash: '0' };
    const found = { error: null, state: 'ok', role: 'set', place: JSON.stringify({ file: `/crawl/${path}` }) } as const;
    const facts = { sharpness: 1, brightness: 1, contrast: 1 };
    const own = drawn.map((crop, face) => ({ slot: slot + face, image: id + 1, face, facts, crc: crc32c(crop) }));
    insertImages(workspace, [{ id: id + 1, path, identity, slot, ...content, ...found }], own);
    slot += faces;
  });
  crops.flush();
  crops.close();
}

/** Where the features of the crops of now are looked for. */
const featuresOf = (workspace: Workspace): string =>
  featureFileOf(
    workspace,
    featuresName(frozenModel(findRun(workspace, 'train-1')!.config), currentFingerprint(workspace)),
  );

/** Embeddings whose rows, and margins whose numbers, tell whose they are. */
function writeNumbers(workspace: Workspace): void {
  const { crops, images, identities } = readDataset(workspace);
  const random = randomOf('numbers');
  const numbers = (length: number) => Float32Array.from({ length }, () => random.normal());
  for (const run of ['train-1', 'train-0'])
    writeEmbeddings(embeddingFileOf(workspace, run), {
      vectors: { rows: crops, dimensions: D, data: numbers(crops * D) },
      norms: numbers(crops),
    });
  const shape = [crops, D];
  const features = { upright: { shape, data: numbers(crops * D) }, mirrored: { shape, data: numbers(crops * D) } };
  writeTensors(featuresOf(workspace), { tensors: features, metadata: {} });
  const state = {
    head: numbers(identities.length * K * D),
    'velocity:head': numbers(identities.length * K * D),
    'margins.sum': numbers(images.length),
    'margins.count': numbers(images.length),
  };
  const rows = { shape: [identities.length * K, D], dtype: 'float32' as const };
  const margins = { shape: [images.length], dtype: 'float32' as const };
  const specs = { head: rows, 'velocity:head': rows, 'margins.sum': margins, 'margins.count': margins };
  const progress = {
    ...{ epoch: 1, step: 0, lossSum: 0, angleSum: 0, images: 0, relabelled: 0 },
    history: [],
    seconds: 1,
  };
  for (const run of ['train-1', 'train-unknown'])
    writeCheckpoint(checkpointFileOf(workspace, run), { run, progress, identities, state }, specs);
}

const evidence = (rivalIdentity: string): Evidence => ({
  ...{ cosOwn: 0.5, cosDominant: 0.5, cosAssigned: 0.5, subcenter: 0, dominantSubcenter: 0 },
  ...{ dominantShare: 0.9, hasDominant: true, neighbourAgreement: 0.5, rivalIdentity, rivalCos: 0.3 },
  ...{ rivalAgreement: 0.2, trainingMargin: null, quality: 1 },
  sameAs: [{ path: `${rivalIdentity}/2.jpg`, identity: rivalIdentity }],
});

function writeOpinions(workspace: Workspace, people: readonly string[], said: readonly Said[]): void {
  const next = (name: string): string => people[(people.indexOf(name) + 1) % people.length];
  const decisions = everyImage(workspace).map(({ path, identity }, i): Decision => ({
    ...{ path, decision: i % 3 === 0 ? 'drop' : 'keep', suggestedIdentity: null, pNoise: 0.5 },
    reason: `not ${next(identity)}: the same picture as ${next(identity)}/2.jpg, in another file`,
    evidence: evidence(next(identity)),
  }));
  writeDecisions(workspace, 'sift-1', decisions);
  const [a, b] = people;
  const merge = { a, b, confidence: 0.9, cosine: 0.9, likeness: 1, pairsAboveBar: 1, examples: [] };
  writeProposals(workspace, 'sift-1', { merges: [merge], splits: [] });
  giveIdentityVerdict(workspace, a, 'several-people', 'somebody');
  giveVerdicts(
    workspace,
    said.map((one) => ({ identity: null, ...one })),
    'somebody',
  );
}

/** What a workspace holds of each image: its crops' bytes, its rows of embeddings and features, its margin. In hexadecimal, by path. */
export function holdings(workspace: Workspace): Record<string, string[]> {
  const { images, faces, crops, cropFile, size } = readDataset(workspace);
  const damage = findDamagedCrops(workspace);
  if (damage.paths.length + damage.unchecked > 0) throw new Error(`damaged crops: ${JSON.stringify(damage)}`);
  const bytes = readFileSync(cropFile);
  if (bytes.length !== crops * cropBytes(size)) throw new Error(`${bytes.length} bytes for ${crops} crops`);
  const { tensors } = readTensors(embeddingFileOf(workspace, 'train-1'));
  const features = readTensors(featuresOf(workspace)).tensors;
  const checkpoint = readTensors(checkpointFileOf(workspace, 'train-1')).tensors;
  const row = ({ data, shape: [, d = 1] }: { data: Float32Array; shape: number[] }, i: number): string =>
    Buffer.from(data.slice(i * d, (i + 1) * d).buffer).toString('hex');
  return Object.fromEntries(
    images.map(({ id, path, slot }, position) => [
      path,
      [
        ...(faces.get(id) ?? [slot]).flatMap((own) => [
          bytes.subarray(own * cropBytes(size), (own + 1) * cropBytes(size)).toString('hex'),
          row(tensors.embeddings, own),
          row(tensors.norms, own),
          row(features.upright, own),
          row(features.mirrored, own),
        ]),
        row(checkpoint['margins.sum'], position),
      ],
    ]),
  );
}
