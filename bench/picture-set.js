// A set of pictures that the real program has looked at once: faces, features, copies. Sets are then put together by
// saying which picture lies at which path: what a frozen model makes of a picture does not depend on its label. Each such set is
// sifted as the stage `sift` does it, except that copies are not searched again.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveConfig } from '../dist/core/resolve-config.js';
import { inSpace } from '../dist/core/spaces.js';
import { takeRows } from '../dist/core/vectors.js';
import { detectNoise } from '../dist/facesieve.js';
import { findNeighbours } from '../dist/index/find-neighbours.js';
import { excludedMembers } from '../dist/noise/eligible-members.js';
import { selectFaces } from '../dist/noise/select-face.js';
import { lookForDuplicates } from '../dist/pipeline/look-for-duplicates.js';
import { readDataset } from '../dist/workspace/dataset.js';
import { embeddingsOf } from '../dist/workspace/embedding-file.js';
import { faceScores } from '../dist/workspace/images.js';
import { chooseRun } from '../dist/workspace/runs.js';
import { lookIntoWorkspace } from '../dist/workspace/workspace.js';
import { bench, facesieve } from './cli.js';

const config = resolveConfig({});

/** Runs the real program on `folder` up to the features, with a frozen model. */
export async function pictureSet(folder, name) {
  const workspace = join(bench, name);
  const common = ['-w', workspace];
  facesieve('ingest', folder, ...common, '--align', 'auto', '--size', '112');
  facesieve('train', '--backbone', 'pretrained:mobilefacenet', ...common);
  facesieve('embed', ...common);
  return picturesIn(workspace);
}

/** What the real program has left in a workspace. */
export async function picturesIn(workspace) {
  const opened = lookIntoWorkspace(workspace);
  try {
    const { untouched, untouchedNorms } = embeddingsOf(opened, chooseRun(opened, undefined, 'train').id);
    const dataset = readDataset(opened);
    const vectors = inSpace('frozen', untouched);
    const scores = faceScores(opened, [...untouchedNorms.keys()]);
    const copies = await copiesOf(dataset, vectors, untouchedNorms, join(workspace, 'bench-copies.json'));
    const rowOf = new Map(dataset.images.map(({ path }, row) => [path, row]));
    return { workspace, dataset, vectors, norms: untouchedNorms, scores, copies, rowOf };
  } finally {
    opened.close();
  }
}

/** For each image the first that shows the same photograph, and the same face of it. */
async function copiesOf(dataset, vectors, norms, file) {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const selected = selectFaces(dataset, vectors, norms);
  const features = takeRows(
    vectors,
    Int32Array.from(selected, ({ slot }) => slot),
  );
  const { near } = await findNeighbours(features, dataset.labels, {
    ...{ neighbours: config.sift.neighbours, seed: 0, index: config.index },
  });
  const found = await lookForDuplicates({ dataset, selected, vectors, near, aligned: true }, config);
  const copies = { copyGroups: [...found.copyGroups], faceGroups: [...found.faceGroups] };
  writeFileSync(file, JSON.stringify(copies));
  return copies;
}

/** Pictures of several sets as one: a row of `dataset.images` and slots for each. */
export function together(...sets) {
  const [slots, rows] = [[0], [0]];
  for (const { vectors, dataset } of sets) {
    slots.push(slots.at(-1) + vectors.rows);
    rows.push(rows.at(-1) + dataset.images.length);
  }
  const joined = (of) => sets.flatMap((set, i) => of(set, i));
  const { dimensions } = sets[0].vectors;
  const data = new Float32Array(slots.at(-1) * dimensions);
  sets.forEach(({ vectors }, i) => data.set(vectors.data, slots[i] * dimensions));
  const images = joined(({ dataset }, i) =>
    dataset.images.map((image) => ({ ...image, id: `${i} ${image.id}`, slot: image.slot + slots[i] })),
  );
  const faces = new Map(
    joined(({ dataset }, i) =>
      [...dataset.faces].map(([id, own]) => [`${i} ${id}`, own.map((slot) => slot + slots[i])]),
    ),
  );
  const rowOf = new Map();
  sets.forEach((set, i) => set.rowOf.forEach((row, path) => rowOf.has(path) || rowOf.set(path, row + rows[i])));
  const shifted = (name) => joined(({ copies }, i) => copies[name].map((row) => row + rows[i]));
  return {
    ...{ dataset: { images, faces }, vectors: inSpace('frozen', { data, rows: slots.at(-1), dimensions }), rowOf },
    norms: Float32Array.from(joined(({ norms }) => [...norms])),
    scores: Float32Array.from(joined(({ scores }) => [...scores])),
    copies: { copyGroups: shifted('copyGroups'), faceGroups: shifted('faceGroups') },
  };
}

/** Groups of the chosen rows, numbered by their first place. */
function groupsOf(groups, rows) {
  const first = new Map();
  return Int32Array.from(rows, (row, i) => {
    if (!first.has(groups[row])) first.set(groups[row], i);
    return first.get(groups[row]);
  });
}

/**
 * Sifts a set put together from pictures.
 * @param placed (N): `path`, the `identity` that it is labelled as, and `content`, the path of the picture that lies there
 */
export async function siftPlaced(pictures, placed, { seed = 0, neighboursOf, ...options } = {}) {
  const rows = placed.map(({ content }) => pictures.rowOf.get(content));
  const identities = [...new Set(placed.map(({ identity }) => identity))].sort();
  const images = rows.map((row, i) => ({ ...pictures.dataset.images[row], ...placed[i] }));
  const labels = Int32Array.from(placed, ({ identity }) => identities.indexOf(identity));
  const selected = selectFaces(
    { images, labels, faces: pictures.dataset.faces, chosen: new Map() }, // nobody has chosen a face
    pictures.vectors,
    pictures.norms,
  );
  const slots = Int32Array.from(selected, ({ slot }) => slot);
  const copyGroups = groupsOf(pictures.copies.copyGroups, rows);
  const faceGroups = groupsOf(pictures.copies.faceGroups, rows);
  const neighbours = neighboursOf && (await neighboursOf(takeRows(pictures.vectors, slots), labels));
  const found = await detectNoise(
    {
      ...(neighbours && { neighbours }),
      ...{ features: takeRows(pictures.vectors, slots), labels, identities, faces: selected, files: images },
      paths: placed.map(({ path }) => path),
      copies: { copyGroups, faceGroups, mirrored: images.map(() => false), pairs: [] },
      isExcluded: excludedMembers(images, labels),
      faceScores: Float32Array.from(slots, (slot) => pictures.scores[slot]),
      quality: Float32Array.from(slots, (slot) => pictures.norms[slot]),
    },
    { seed, ...options },
  );
  return { ...found, expected: found.cut.expected, faceGroups, labels };
}
