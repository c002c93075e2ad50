// Which face is judged? Whole photographs of LFW with a second person pasted in: beside, behind, larger, sharper, beside a
// face that is half hidden, blurred spectators, and the same opponent again and again; some with two strangers and nobody
// whom the name means.
// Images are .jpg, .jfif, .webp and without ending. The reference is the choice that most programs make, the largest face, of
// the same faces in the same run. Environment: PEOPLE=40 EACH=12 COUPLES=10 SEEDS=1,2,3
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
/** People of whom there are two photographs, the same companion in both: nothing tells who is who. */
const COUPLES = Number(process.env.COUPLES ?? 10);
const seeds = (process.env.SEEDS ?? '1,2,3').split(',').map(Number);

/** Side of a photograph of LFW; its subject's face is about the middle 110 pixels. */
const SIDE = 250;
const FACE = 110;
const endings = ['.jpg', '.jfif', '.webp', ''];
const kinds = ['beside', 'behind', 'larger', 'sharper', 'hidden', 'spectators', 'again', 'couple', 'strangers'];
const inTurn = kinds.filter((kind) => !['again', 'couple'].includes(kind));

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

const photographsIn = (folder) =>
  readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));

/** What is composed: of each photograph its person, its kind and the files that it is made of. */
function* plan(random) {
  const root = join(data, 'lfw10a');
  if (!existsSync(root)) throw new Error(`${root} is not there: this measurement needs its photographs.`);
  const everybody = random.shuffle(readdirSync(root).sort());
  const [people, rest] = [everybody.slice(0, PEOPLE), everybody.slice(PEOPLE)];
  const outsiders = random.shuffle(photographsIn(join(data, 'lfw-outsiders')));
  const outsider = () => outsiders.pop();
  const member = (but) => random.pick(photographsIn(join(root, random.pick(people.filter((name) => name !== but)))));
  for (const [p, name] of people.entries()) {
    const opponent = photographsIn(join(root, rest[p % rest.length]));
    for (const [i, own] of random
      .shuffle(photographsIn(join(root, name)))
      .slice(0, EACH)
      .entries()) {
      // Every second photograph has a decoy; of every fourth person the decoy is the same opponent in three of them.
      const again = i < 6 && p % 4 === 0;
      const kind = i % 2 === 1 ? null : again ? 'again' : inTurn[(p + i / 2) % inTurn.length];
      const strange = random.uniform() < 0.5 && kind !== 'strangers' ? member(name) : outsider();
      yield { name, i, kind, own, decoy: kind === 'again' ? opponent[i / 2] : strange, other: outsider() };
    }
  }
  const companions = readdirSync(join(data, 'lfw5a')).sort();
  for (const [p, name] of rest.slice(-COUPLES).entries()) {
    const companion = photographsIn(join(data, 'lfw5a', companions[p]));
    for (const [i, own] of photographsIn(join(root, name)).slice(0, 2).entries())
      yield { name, i, kind: 'couple', own, decoy: companion[i], other: own };
  }
}

/** @returns the photographs' truth by path: kind, and where the subject's and the decoy's faces are */
async function makeSet(folder, seed) {
  const random = randomOf('decoys', seed);
  const truth = new Map();
  for (const { name, i, kind, own, decoy, other } of plan(random)) {
    const ending = endings[(truth.size + i) % endings.length];
    const path = `${name}/${i}-${kind ?? 'alone'}${ending}`;
    const made = kind === null ? null : await compose(kind, own, decoy, other, random.uniform() < 0.5);
    truth.set(path, { kind, made });
    const target = join(folder, path);
    if (existsSync(target)) continue;
    mkdirSync(join(folder, name), { recursive: true });
    const picture = made?.picture ?? sharp(own);
    const written = ending === '.webp' ? picture.webp({ quality: 92 }) : picture.jpeg({ quality: 92 });
    writeFileSync(target, await written.toBuffer());
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

async function measureSeed(seed) {
  const folder = join(bench, `decoys-${PEOPLE}-${EACH}-${seed}`);
  const truth = await makeSet(folder, seed);
  const workspace = `${folder}-workspace`;
  const common = ['-w', workspace];
  const { images: read } = facesieve('ingest', folder, ...common, '--align', 'auto', '--size', '112');
  facesieve('train', ...common, '--backbone', 'pretrained:mobilefacenet');
  facesieve('embed', ...common);
  facesieve('sift', ...common, '--force');
  const opened = lookIntoWorkspace(workspace);
  const run = chooseRun(opened, undefined, 'sift').id;
  const decisions = new Map(readDecisions(opened, run).map((decision) => [decision.path, decision]));
  const rows = allImages(opened)
    .filter(({ path }) => truth.get(path)?.kind)
    .map(({ id, path }) =>
      rowOf(
        slotsOfImage(opened, id).map((slot) => factsOf(opened, slot).face),
        decisions.get(path),
        truth.get(path),
      ),
    );
  opened.close();
  const alone = [...truth].filter(([, { kind }]) => kind === null).map(([path]) => decisions.get(path));
  return { files: truth.size, read, rows, alone: alone.length, aloneLost: lost(alone) };
}

function rowOf(faces, { path, decision, reason, evidence }, { kind, made }) {
  const area = (face) => (face ? face.width * face.height : 0);
  const largest = faces.reduce((most, face) => (area(face) > area(most) ? face : most), faces[0]);
  return {
    ...{ path, kind, decision, reason, found: faces.some((face) => whose(face, made) === 'subject') },
    judged: whose(faces[evidence.face ?? 0], made),
    largest: whose(largest, made),
  };
}

export async function measure() {
  const all = [];
  for (const seed of seeds) all.push(await measureSeed(seed));
  const sum = (name) => all.reduce((total, one) => total + one[name], 0);
  const rows = all.flatMap((one) => one.rows);
  const counts = { files: sum('files'), read: sum('read'), alone: sum('alone'), aloneLost: sum('aloneLost') };
  return { seeds, ...counts, kinds: kinds.map((kind) => figuresOf(kind, rows)), ...totals(rows), rows };
}

const lost = (decided) => decided.filter(({ decision }) => ['drop', 'relabel'].includes(decision)).length;
const unasked = ({ decision }) => decision !== 'review';

function figuresOf(kind, rows) {
  const own = rows.filter((row) => row.kind === kind);
  return {
    ...{ kind, images: own.length, byDecoy: own.filter(({ judged }) => judged === 'decoy').length },
    unasked: own.filter((row) => row.judged === 'decoy' && unasked(row)).length,
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

export const describe = ({ files, read, kinds: figures, decoyed, ours, largest, ratio, alone, aloneLost }) =>
  [
    `${files} photographs, ${read} read`,
    '',
    '| the second face | images | judged by the decoy | the same, not asked | largest face is the decoy | dropped or renamed | asked | subject not found |',
    '|---|---|---|---|---|---|---|---|',
    ...figures.map(
      (row) =>
        `| ${row.kind} | ${row.images} | ${row.byDecoy} | ${row.unasked} | ${row.largest} | ${row.lost} | ${row.review} | ${row.unseen} |`,
    ),
    '',
    `of ${decoyed} photographs with a decoy ${ours} judged by it without review (${((100 * ours) / decoyed).toFixed(1)} %), by the largest face ${largest}; ratio ${ratio?.toFixed(3)}`,
    `of ${alone} photographs without a decoy ${aloneLost} dropped or renamed`,
  ].join('\n');
