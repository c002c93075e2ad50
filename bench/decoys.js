// Which face is judged? Whole photographs of LFW with a second person pasted in: beside, behind, larger, sharper, beside a
// face that is half hidden, blurred spectators, and the same opponent again and again; some with two strangers and nobody
// whom the name means.
// Images are .jpg, .jfif, .webp and without ending. The reference is the choice that most programs make, the largest face, of
// the same faces in the same run. Environment: PEOPLE=40 EACH=12 SEED=1
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { randomOf } from '../dist/core/random.js';
import { allImages, factsOf, slotsOfImage } from '../dist/workspace/images.js';
import { readDecisions } from '../dist/workspace/decisions.js';
import { chooseRun } from '../dist/workspace/runs.js';
import { lookIntoWorkspace } from '../dist/workspace/workspace.js';
import { bench, data, facesieve } from './cli.js';

const PEOPLE = Number(process.env.PEOPLE ?? 40);
const EACH = Number(process.env.EACH ?? 12);
const SEED = Number(process.env.SEED ?? 1);

/** Side of a photograph of LFW; its subject's face is about the middle 110 pixels. */
const SIDE = 250;
const FACE = 110;
const endings = ['.jpg', '.jfif', '.webp', ''];
const kinds = ['beside', 'behind', 'larger', 'sharper', 'hidden', 'spectators', 'again', 'strangers'];

const photograph = (width, height, layers) =>
  sharp({ create: { width, height, channels: 3, background: '#555' } }).composite(layers);

const at = (input, left, top) => ({ input, left: Math.round(left), top: Math.round(top) });

/** The middle of a photograph, where its face is, with a soft edge. */
async function cutOut(file, side, blur = 0) {
  const mask = Buffer.from(
    `<svg width="${side}" height="${side}"><defs><radialGradient id="g"><stop offset="0.8" stop-color="#fff"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient></defs><ellipse cx="50%" cy="50%" rx="44%" ry="50%" fill="url(#g)"/></svg>`,
  );
  const margin = 45;
  const face = sharp(file)
    .extract({ left: margin, top: margin, width: SIDE - 2 * margin, height: SIDE - 2 * margin })
    .resize(side, side);
  const drawn = await (blur > 0 ? face.blur(blur) : face).png().toBuffer();
  return sharp(drawn)
    .composite([{ input: mask, blend: 'dest-in' }])
    .png()
    .toBuffer();
}

const scaled = (file, side) => sharp(file).resize(side, side).png().toBuffer();

/** Sunglasses where LFW's alignment puts the eyes. */
const sunglasses = {
  input: Buffer.from(
    `<svg width="${SIDE}" height="${SIDE}"><g fill="#111"><rect x="86" y="98" width="36" height="26" rx="10"/><rect x="130" y="98" width="36" height="26" rx="10"/><rect x="118" y="104" width="16" height="5"/></g></svg>`,
  ),
  ...{ left: 0, top: 0 },
};

/**
 * Composes one photograph. Which side the subject is on follows `right`.
 * @returns the picture, and where the subject's and the decoy's photographs lie in it
 */
async function compose(kind, own, decoy, other, right) {
  if (kind === 'behind') {
    const side = 86;
    const place = { left: right ? 4 : SIDE - side - 4, top: 2, width: side, height: side };
    const layers = [at(await scaled(own, SIDE), 0, 0), at(await cutOut(decoy, side, 0.8), place.left, place.top)];
    return { picture: photograph(SIDE, SIDE, layers), subject: { left: 0, top: 0, width: SIDE }, decoy: place };
  }
  if (kind === 'spectators') {
    const side = 76;
    const blurred = await cutOut(decoy, side, 2.5);
    const second = await cutOut(other, side, 2);
    const layers = [
      at(await scaled(own, SIDE), 75, 60),
      ...[0, 80, 240, 320].map((left, i) => at(i % 2 === 0 ? blurred : second, left, (i % 3) * 6)),
    ];
    const spectators = { left: 0, top: 0, width: 400, height: 92 };
    return { picture: photograph(400, 310, layers), subject: { left: 75, top: 60, width: SIDE }, decoy: spectators };
  }
  const large = Math.round((kind === 'larger' ? 1.7 : 1) * SIDE);
  const subject = { left: right ? large : 0, top: Math.max(0, large - SIDE - 30), width: SIDE };
  const place = { left: right ? 0 : SIDE, top: 0, width: large, height: large };
  let mine = sharp(kind === 'strangers' ? other : own).resize(SIDE, SIDE);
  if (kind === 'sharper') mine = mine.blur(2.2);
  if (kind === 'hidden') mine = mine.composite([sunglasses]);
  const layers = [
    at(await mine.png().toBuffer(), subject.left, subject.top),
    at(await scaled(decoy, large), place.left, place.top),
  ];
  return { picture: photograph(SIDE + large, Math.max(SIDE, large), layers), subject, decoy: place };
}

/** @returns the photographs' truth by path: kind, and where the subject's and the decoy's faces are */
async function makeSet(folder) {
  const root = join(data, 'lfw10a');
  if (!existsSync(root)) throw new Error(`${root} is not there: this measurement needs its photographs.`);
  const random = randomOf('decoys', SEED);
  const people = random.shuffle(readdirSync(root).sort()).slice(0, PEOPLE);
  const rest = readdirSync(root).filter((name) => !people.includes(name));
  const outsiders = random.shuffle(readdirSync(join(data, 'lfw-outsiders')).sort());
  const outsider = () => join(data, 'lfw-outsiders', outsiders.pop());
  const truth = new Map();
  for (const [p, name] of people.entries()) {
    const files = random.shuffle(readdirSync(join(root, name)).sort()).slice(0, EACH);
    const rival = rest[p % rest.length]; // the opponent who is in several of this person's photographs
    const rivals = readdirSync(join(root, rival)).sort();
    for (const [i, file] of files.entries()) {
      // Every second photograph has a decoy; of every fourth person the decoy is the same opponent in three of them.
      const kind =
        i % 2 === 1
          ? null
          : i < 6 && p % 4 === 0
            ? 'again'
            : kinds.filter((one) => one !== 'again')[(p + i / 2) % (kinds.length - 1)];
      const ending = endings[(p + i) % endings.length];
      const path = `${name}/${i}-${kind ?? 'alone'}${ending}`;
      const own = join(root, name, file);
      const member = people[(p + 1 + random.integer(people.length - 1)) % people.length];
      const members = readdirSync(join(root, member));
      const strange = random.uniform() < 0.5 ? join(root, member, random.pick(members)) : outsider();
      const decoy = kind === 'again' ? join(root, rival, rivals[i / 2]) : kind === 'strangers' ? outsider() : strange;
      const made =
        kind === null
          ? null
          : await compose(
              kind,
              own,
              decoy,
              ['strangers', 'spectators'].includes(kind) ? outsider() : own,
              random.uniform() < 0.5,
            );
      truth.set(path, { kind, made });
      const target = join(folder, path);
      if (existsSync(target)) continue;
      mkdirSync(join(folder, name), { recursive: true });
      const picture = made?.picture ?? sharp(own);
      writeFileSync(
        target,
        await (ending === '.webp' ? picture.webp({ quality: 92 }) : picture.jpeg({ quality: 92 })).toBuffer(),
      );
    }
  }
  return truth;
}

/** Whose face it is: `subject`, `decoy`, or that of neither, such as a bystander whom the photograph itself has. */
function whose(face, made) {
  if (!face) return 'none';
  const [x, y] = [face.left + face.width / 2, face.top + face.height / 2];
  const inside = ({ left, top, width, height = width }) =>
    x >= left && x < left + width && y >= top && y < top + height;
  const { subject, decoy } = made;
  const [fromX, fromY] = [x - subject.left - SIDE / 2, y - subject.top - SIDE / 2];
  if (Math.abs(fromX) < FACE / 2 && Math.abs(fromY) < FACE / 2) return 'subject';
  return inside(decoy) ? 'decoy' : 'bystander';
}

export async function measure() {
  const folder = join(bench, `decoys-${PEOPLE}-${EACH}-${SEED}`);
  const truth = await makeSet(folder);
  const workspace = `${folder}-workspace`;
  const common = ['-w', workspace];
  const model = ['--backbone', 'pretrained:mobilefacenet'];
  const ingested = facesieve('ingest', folder, ...common, '--align', 'auto', '--size', '112');
  facesieve('train', ...common, ...model);
  facesieve('embed', ...common);
  facesieve('sift', ...common, '--force');
  const opened = lookIntoWorkspace(workspace);
  const decisions = new Map(
    readDecisions(opened, chooseRun(opened, undefined, 'sift').id).map((decision) => [decision.path, decision]),
  );
  const rows = allImages(opened)
    .filter(({ path }) => truth.get(path)?.kind)
    .map(({ id, path }) => {
      const { kind, made } = truth.get(path);
      const { decision, reason, evidence } = decisions.get(path);
      const faces = slotsOfImage(opened, id).map((slot) => factsOf(opened, slot).face);
      const area = (face) => (face ? face.width * face.height : 0);
      const largest = faces.reduce((most, face) => (area(face) > area(most) ? face : most), faces[0]);
      return {
        ...{ path, kind, decision, reason, found: faces.some((face) => whose(face, made) === 'subject') },
        judged: whose(faces[evidence.face ?? 0], made),
        largest: whose(largest, made),
      };
    });
  opened.close();
  const alone = [...truth].filter(([, { kind }]) => kind === null).map(([path]) => decisions.get(path));
  return {
    images: truth.size,
    ingested,
    kinds: kinds.map((kind) => figuresOf(kind, rows)),
    ...totals(rows),
    alone: lost(alone),
    rows,
  };
}

const lost = (decided) => decided.filter(({ decision }) => ['drop', 'relabel'].includes(decision)).length;
const unasked = ({ decision }) => decision !== 'review';

function figuresOf(kind, rows) {
  const own = rows.filter((row) => row.kind === kind);
  return {
    ...{ kind, images: own.length, byDecoy: own.filter(({ judged }) => judged === 'decoy').length },
    unasked: own.filter((row) => row.judged !== 'subject' && unasked(row)).length,
    largest: own.filter(({ largest }) => largest === 'decoy').length,
    lost: lost(own),
    review: own.filter((row) => !unasked(row)).length,
    unseen: own.filter(({ found }) => !found).length,
  };
}

/** Of photographs that show whom the name means. */
function totals(rows) {
  const decoyed = rows.filter(({ kind }) => kind !== 'strangers');
  const ours = decoyed.filter((row) => row.judged === 'decoy' && unasked(row)).length;
  const largest = decoyed.filter((row) => row.largest === 'decoy').length;
  return { decoyed: decoyed.length, ours, largest, ratio: largest === 0 ? null : ours / largest };
}

export const describe = ({ images, ingested, kinds: figures, decoyed, ours, largest, ratio, alone }) =>
  [
    `${images} photographs, ${ingested.images} read, ${ingested.unreadable + ingested.skipped} not`,
    '',
    '| the second face | images | judged by the decoy | judged by another than the subject, not asked | largest face is the decoy | dropped or renamed | asked | subject not found |',
    '|---|---|---|---|---|---|---|---|',
    ...figures.map(
      (row) =>
        `| ${row.kind} | ${row.images} | ${row.byDecoy} | ${row.unasked} | ${row.largest} | ${row.lost} | ${row.review} | ${row.unseen} |`,
    ),
    '',
    `of ${decoyed} photographs with a decoy ${ours} judged by it without review (${((100 * ours) / decoyed).toFixed(1)} %), by the largest face ${largest}; ratio ${ratio?.toFixed(3)}`,
    `photographs without a decoy: ${alone} dropped or renamed`,
  ].join('\n');
