// node scripts/count-rooms.js [FOLDER]: rooms (top folders of src), arrows between them, circles, sizes of files and functions.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

const root = process.argv.slice(2).find((word) => !word.startsWith('--')) ?? 'src';
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(ts|js)$/.test(file));
const roomOf = (file) => (file.includes('/') ? file.split('/')[0] : file);
const linesOf = (text) => text.trimEnd().split('\n').length;
const quantile = (values, share) => values.sort((a, b) => a - b)[Math.floor(share * (values.length - 1))];

const arrows = new Map();
const fileLines = [];
const functionLines = [];
for (const file of files) {
  const text = readFileSync(join(root, file), 'utf8');
  fileLines.push({ file, lines: linesOf(text) });
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const visit = (node) => {
    if (ts.isFunctionLike(node) && node.body)
      functionLines.push(
        tree.getLineAndCharacterOfPosition(node.end).line -
          tree.getLineAndCharacterOfPosition(node.getStart()).line +
          1,
      );
    ts.forEachChild(node, visit);
  };
  visit(tree);
  for (const { fileName } of ts.preProcessFile(text).importedFiles) {
    if (!fileName.startsWith('.')) continue;
    const [from, to] = [roomOf(file), roomOf(normalize(join(dirname(file), fileName)).replace(/\.js$/, '.ts'))];
    if (from !== to) arrows.set(`${from} -> ${to}`, (arrows.get(`${from} -> ${to}`) ?? 0) + 1);
  }
}

const rooms = [...new Set(files.map(roomOf))].sort();
const targets = (room) => [...arrows.keys()].filter((a) => a.startsWith(`${room} -> `)).map((a) => a.split(' -> ')[1]);
const reaches = (from, to, seen = new Set()) =>
  targets(from).some((next) => next === to || (!seen.has(next) && seen.add(next) && reaches(next, to, seen)));
const lines = fileLines.map((file) => file.lines);

if (process.argv.includes('--arrows')) for (const [arrow, count] of [...arrows].sort()) console.log(arrow, count);
console.log(
  `${rooms.length} rooms, ${arrows.size} arrows; in a circle: ${rooms.filter((room) => reaches(room, room)).join(', ') || 'none'}`,
);
console.log(
  `${files.length} files: median ${quantile(lines, 0.5)}, p90 ${quantile(lines, 0.9)}, longest ${Math.max(...lines)} lines; ` +
    `${lines.filter((n) => n < 15).length} below 15, ${lines.filter((n) => n > 300).length} above 300`,
);
console.log(`functions: p90 ${quantile(functionLines, 0.9)}, longest ${Math.max(...functionLines)} lines`);
