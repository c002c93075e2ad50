// What finding and aligning faces is worth, and whether the right face of two is chosen. Verification on frozen features
// of pretrained:mobilefacenet, image and mirror image summed, 3,000 genuine and 3,000 impostor pairs of lfw10a + lfw5a,
// ten folds; and photographs of two LFW images side by side, the second of a stranger or of somebody of the set.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import sharp from 'sharp';
import { readTensors } from '../dist/core/safetensors.js';
import { makePairs } from '../dist/metrics/make-pairs.js';
import { foldAccuracy } from '../dist/metrics/fold-accuracy.js';
import { measurePairs } from '../dist/metrics/pair-measures.js';
import { meanFeatures } from '../dist/model/frozen/features.js';
import { bench, data, facesieve, joined } from './cli.js';

const seeds = (process.env.SEEDS ?? '1,2,3').split(',').map(Number);
const PAIRS = 3000;
const model = ['--backbone', 'pretrained:mobilefacenet'];

function verification(align) {
  const workspace = join(bench, `align-${align}`);
  const common = ['-w', workspace, ...model, '--align', align];
  const { noFace, severalFaces } = facesieve(
    'ingest',
    joined('lfw10a', 'lfw5a'),
    ...['-w', workspace, '--align', align],
    '--size',
    '112',
  );
  facesieve('train', ...common.slice(0, 4));
  const file = readdirSync(join(workspace, 'embeddings')).find((name) => name.startsWith('features-'));
  const { upright, mirrored } = readTensors(join(workspace, 'embeddings', file)).tensors;
  const dimensions = upright.shape[1];
  const vectors = unit(meanFeatures({ dimensions, upright: upright.data, mirrored: mirrored.data }), dimensions);
  const database = new Sqlite(join(workspace, 'facesieve.db'), { readonly: true });
  const images = database.prepare('SELECT slot, identity FROM images WHERE slot IS NOT NULL ORDER BY slot').all();
  const candidates = images.map(({ slot, identity }) => ({ index: slot, identity, heldOut: true }));
  const accuracies = seeds.map((seed) => {
    const pairs = makePairs(candidates, PAIRS, seed);
    const rows = { data: vectors, rows: vectors.length / dimensions, dimensions };
    const { cosines, same } = measurePairs({ vectors: rows, norms: [] }, pairs);
    return foldAccuracy(cosines, same, 10);
  });
  return { align, noFace, severalFaces, seeds, accuracies: accuracies.map(({ accuracy, std }) => ({ accuracy, std })) };
}

function unit(data, dimensions) {
  for (let row = 0; row < data.length; row += dimensions) {
    const values = data.subarray(row, row + dimensions);
    const length = Math.hypot(...values);
    values.forEach((value, d) => (values[d] = value / length));
  }
  return data;
}

/** Every image of lfw10a beside one of somebody else, left or right in turn. @returns folder, and which side is right */
async function compose(partner) {
  const folder = join(bench, `side-by-side-${partner}`);
  const root = join(data, 'lfw10a');
  const people = readdirSync(root);
  const outsiders = readdirSync(join(data, 'lfw-outsiders')).map((name) => join(data, 'lfw-outsiders', name));
  let number = 0;
  for (const [p, name] of people.entries())
    for (const file of readdirSync(join(root, name))) {
      const other = people[(p + 1 + ((7 * number) % (people.length - 1))) % people.length];
      const others = readdirSync(join(root, other));
      const beside =
        partner === 'outsider'
          ? outsiders[number % outsiders.length]
          : join(root, other, others[number % others.length]);
      const target = join(folder, name, `${number % 2 === 0 ? 'left' : 'right'}-${file}`);
      number++;
      if (existsSync(target)) continue;
      mkdirSync(join(folder, name), { recursive: true });
      const own = { input: join(root, name, file), left: target.includes('/left-') ? 0 : 250, top: 0 };
      const stranger = { input: beside, left: 250 - own.left, top: 0 };
      await sharp({ create: { width: 500, height: 250, channels: 3, background: '#000' } })
        .composite([own, stranger])
        .jpeg({ quality: 95 })
        .toFile(target);
    }
  return folder;
}

async function choice(partner) {
  const folder = await compose(partner);
  const workspace = join(bench, `side-by-side-${partner}-workspace`);
  const common = ['-w', workspace, ...model];
  facesieve('ingest', folder, '-w', workspace, '--align', 'auto', '--size', '112');
  facesieve('train', ...common);
  facesieve('embed', '-w', workspace);
  const { run, decisions } = facesieve('sift', '-w', workspace, '--force');
  const database = new Sqlite(join(workspace, 'facesieve.db'), { readonly: true });
  const faceOf = database.prepare('SELECT facts FROM crops WHERE image = ? AND face = ?').pluck();
  const rows = database
    .prepare(
      'SELECT id, images.path, decision, evidence FROM decisions JOIN images ON images.path = decisions.path WHERE run = ?',
    )
    .all(run);
  const isRight = (id, path, number) => {
    const { face } = JSON.parse(faceOf.get(id, number));
    const side = face && (face.left + face.width / 2 < 250 ? 'left' : 'right');
    return path.split('/')[1].startsWith(`${side}-`);
  };
  const right = rows.filter(({ id, path, evidence }) => isRight(id, path, JSON.parse(evidence).face)).length;
  const first = rows.filter(({ id, path }) => isRight(id, path, 0)).length;
  return { partner, images: rows.length, right: right / rows.length, firstGuess: first / rows.length, decisions };
}

export async function measure() {
  const verifications = ['auto', 'center'].map(verification);
  const choices = [await choice('outsider'), await choice('member')];
  return { verifications, choices };
}

export const describe = ({ verifications, choices }) =>
  [
    '| align | no face | accuracy, seeds of pairs 1, 2, 3 |',
    '|---|---|---|',
    ...verifications.map(
      ({ align, noFace, accuracies }) =>
        `| ${align} | ${noFace} | ${accuracies.map(({ accuracy, std }) => `${(100 * accuracy).toFixed(2)} ± ${(100 * std).toFixed(2)} %`).join(', ')} |`,
    ),
    '',
    '| beside somebody | images | right face chosen | right face first guessed |',
    '|---|---|---|---|',
    ...choices.map(
      ({ partner, images, right, firstGuess }) =>
        `| ${partner === 'outsider' ? 'who is not in the set' : 'of the set'} | ${images} | ${(100 * right).toFixed(1)} % | ${(100 * firstGuess).toFixed(1)} % |`,
    ),
  ].join('\n');
