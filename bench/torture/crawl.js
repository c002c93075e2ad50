import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { randomOf } from '../../dist/core/random.js';
import { encodeJpeg } from '../../dist/images/encode.js';

const SIDE = 32;
export const people = ['Quillon Zephyrine', 'Boudewijn Hartog', 'Cy', 'Di'];
/** Whom `forget` is asked for: a name whose letters stand nowhere else. */
export const [needle, otherNeedle] = people;

/** JPEG of a drawn identity: a coarse pattern of colours, a little different in every take. */
function portrait(identity, take) {
  const pattern = randomOf('torture', identity);
  const takes = randomOf('torture', identity, take);
  const cells = Array.from({ length: 48 }, () => pattern.between(20, 235) + 15 * takes.normal());
  const data = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => {
    const [y, x] = [Math.floor(i / 3 / SIDE), Math.floor(i / 3) % SIDE];
    const cell = Math.floor(y / 8) * 4 + Math.floor(x / 8);
    return Math.min(255, Math.max(0, cells[cell * 3 + (i % 3)] + 12 * takes.normal()));
  });
  return encodeJpeg({ data, width: SIDE, height: SIDE });
}

function write(folder, path, bytes) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), bytes);
}

const csv = (columns, rows) => [columns, ...rows].map((row) => row.join(',') + '\n').join('');

/**
 * Draws what all commands work on into `folder`: a crawl of four people with a wrong image, a copy and a broken file, and
 * lists of verdicts and of the truth. Nobody is on the pictures.
 */
export async function drawCrawl(folder, images = 5) {
  const truth = [];
  for (const person of people)
    for (let take = 0; take < images; take++) {
      const path = `${person}/${take}.jpg`;
      const shown = path === 'Cy/1.jpg' ? 'Di' : person;
      write(folder, `crawl/${path}`, await portrait(shown, shown === person ? take : 90));
      truth.push([path, shown === person ? 'none' : 'closed', shown]);
    }
  copyFileSync(join(folder, 'crawl/Boudewijn Hartog/0.jpg'), join(folder, 'crawl/Boudewijn Hartog/copy.jpg'));
  truth.push(['Boudewijn Hartog/copy.jpg', 'none', 'Boudewijn Hartog']);
  write(folder, 'crawl/Di/broken.jpg', 'no picture');
  const columns = ['path', 'verdict', 'suggested_identity'];
  write(folder, 'truth.csv', csv(['path', 'noise', 'true_identity'], truth));
  write(
    folder,
    'earlier.csv',
    csv(columns, [
      ['Cy/0.jpg', 'keep', ''],
      ['Di/2.jpg', 'hard', ''],
      ['Boudewijn Hartog/3.jpg', 'drop', ''],
    ]),
  );
  const later = [
    ['Cy/1.jpg', 'relabel', 'Di'],
    ['Boudewijn Hartog/1.jpg', 'drop', ''],
    ['Di/2.jpg', 'keep', ''],
    ['Cy/2.jpg', 'drop', ''],
  ];
  write(folder, 'later.csv', csv(columns, later));
  write(folder, 'unsure.json', '{"sift": {"reviewAt": 0, "dropAt": 1}}');
  mkdirSync(join(folder, 'tmp'));
}
