// Faces to spoil sets with, embedded once: LFW people, strangers, and pieces of pictures that are no faces. Spoilt sets
// are then put together from their features: what a frozen model makes of an image does not depend on its label.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { planNoise } from '../dist/synthetic/inject/plan.js';
import { embeddingsOf } from '../dist/workspace/embedding-file.js';
import { chooseRun } from '../dist/workspace/runs.js';
import { croppedImages, faceScores, severalFaces } from '../dist/workspace/images.js';
import { lookIntoWorkspace } from '../dist/workspace/workspace.js';
import { bench, data, facesieve, joined } from './cli.js';

export const STRANGERS = 'zz-strangers';
export const NONFACES = 'zz-nonfaces';

/** LFW people, strangers and non-faces as one folder of folders. */
export function poolFolder() {
  const people = joined('lfw10a', 'lfw5a');
  const folder = join(bench, 'pool');
  if (existsSync(join(folder, STRANGERS))) return folder;
  const spoilt = join(bench, 'pool-nonface');
  facesieve('inject', people, spoilt, '--open', '0', '--closed', '0', '--nonface', '0.4', '--seed', '77');
  mkdirSync(join(folder, NONFACES), { recursive: true });
  for (const line of readFileSync(join(spoilt, 'truth.csv'), 'utf8').trim().split('\n').slice(1)) {
    const [path, noise] = line.split(',');
    if (noise === 'nonface') copyFileSync(join(spoilt, path), join(folder, NONFACES, path.replace('/', '-')));
  }
  symlinkSync(join(data, 'lfw-outsiders'), join(folder, STRANGERS));
  for (const name of readdirSync(people)) symlinkSync(join(people, name), join(folder, name));
  return folder;
}

/** Every face of the pool under `align`: features (slots, D), and what ingest knows of each image. */
export function facePool(align) {
  const workspace = join(bench, `pool-${align}`);
  const folder = poolFolder();
  const common = ['-w', workspace];
  facesieve('ingest', folder, ...common, '--align', align, '--size', '112');
  facesieve('train', '--backbone', 'pretrained:mobilefacenet', ...common);
  facesieve('embed', ...common);
  const opened = lookIntoWorkspace(workspace);
  const { untouched, untouchedNorms } = embeddingsOf(opened, chooseRun(opened, undefined, 'train').id);
  const images = croppedImages(opened);
  const scores = align === 'auto' ? faceScores(opened, [...untouchedNorms.keys()]) : null;
  const faces = new Map();
  for (const { image } of severalFaces(opened)) faces.set(image, (faces.get(image) ?? 0) + 1);
  opened.close();
  const facesOf = ({ id, state }) => (state === 'no-face' ? 0 : (faces.get(id) ?? 1));
  const of = (name) => images.filter(({ identity }) => identity === name);
  const people = images.filter(({ identity }) => identity !== STRANGERS && identity !== NONFACES);
  return {
    align,
    vectors: untouched,
    norms: untouchedNorms,
    scores,
    people,
    strangers: of(STRANGERS),
    nonfaces: of(NONFACES),
    facesOf,
  };
}

/** A set of the pool's people spoilt as `inject` would: slots, labels, truth. */
export function spoiltSet({ people, strangers, nonfaces, facesOf, norms, scores }, rates, seed) {
  const byPath = new Map([...people, ...strangers].map((image) => [image.path, image]));
  const outsiders = strangers.map(({ path }) => path);
  const placements = planNoise(people, outsiders, rates, seed);
  const identities = [...new Set(people.map(({ identity }) => identity))].sort();
  let patches = 0;
  const content = placements.map(({ noise, content }) =>
    noise === 'nonface' ? nonfaces[(patches++ * 7 + seed * 13) % nonfaces.length] : byPath.get(content),
  );
  return {
    identities,
    slots: Int32Array.from(content, ({ slot }) => slot),
    labels: Int32Array.from(people, ({ identity }) => identities.indexOf(identity)),
    norms: Float32Array.from(content, ({ slot }) => norms[slot]),
    faceScores: scores && Float32Array.from(content, ({ slot }) => scores[slot]),
    faces: content.map(facesOf),
    truth: placements.map(({ noise, trueIdentity }) => ({ noise, trueIdentity })),
  };
}

/** What detectNoise is told of a spoilt set: everything that the sift stage would know of it, but for copies. */
export const noiseInput = ({ vectors, identities, labels, faces, norms, faceScores }) => ({
  ...{ features: vectors, labels, identities, quality: norms, faceScores: faceScores ?? undefined },
  faces: faces.map((count) => ({ face: 0, faces: count })),
});
