import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { VerdictName } from '../../src/core/records.js';
import { readCsv, writeCsv } from '../../src/formats/csv.js';
import { xmlText } from '../../src/formats/annotations/cvat-xml.js';

export interface Filled {
  verdict: VerdictName;
  identity: string | null;
}
export type Verdicts = ReadonlyMap<string, Filled>;

/** What a person does with an export in a tool, and what the tool writes then. Returns the file to import. */
export interface Tool {
  name: string;
  format: string;
  /** What the export is called. */
  file: string;
  /** Paths that it cannot hold. */
  cannotHold?: RegExp;
  fill(file: string, verdicts: Verdicts): Promise<string> | string;
}

type Row = Record<string, unknown>;

const fillRow = (row: Row, verdicts: Verdicts): Row => {
  const given = verdicts.get(String(row.path));
  return given ? { ...row, verdict: given.verdict, suggested_identity: given.identity ?? row.suggested_identity } : row;
};

interface Task {
  data: Row;
  predictions: unknown[];
  annotations?: { result: unknown[] }[];
}
const regions = ({ verdict, identity }: Filled): object[] => [
  {
    id: 'x1',
    from_name: 'verdict',
    to_name: 'image',
    type: 'choices',
    origin: 'manual',
    value: { choices: [verdict] },
  },
  ...(identity
    ? [{ id: 'x2', from_name: 'new_identity', to_name: 'image', type: 'textarea', value: { text: [identity] } }]
    : []),
];

/** As Label Studio 1.x exports JSON: users by number, a skipped annotation, an earlier opinion. */
const labelStudioTasks = (tasks: readonly Task[], verdicts: Verdicts): object[] =>
  tasks.map((task, i) => {
    const given = verdicts.get(String(task.data.path));
    const at = (day: number): object => ({
      created_at: `2026-11-0${day}T10:00:00.000000Z`,
      updated_at: `2026-11-0${day}T10:00:00.000000Z`,
      lead_time: 3.5,
      ground_truth: false,
    });
    const earlier: Filled = { verdict: 'hard', identity: null };
    const annotations = [
      { id: 3 * i, completed_by: 2, was_cancelled: true, result: [], ...at(4) },
      { id: 3 * i + 1, completed_by: 1, was_cancelled: false, result: given ? regions(given) : [], ...at(3) },
      { id: 3 * i + 2, completed_by: 1, was_cancelled: false, result: regions(earlier), ...at(2) },
    ];
    return {
      id: 100 + i,
      ...task,
      annotations: given ? annotations : (task.annotations ?? []),
      meta: {},
      total_annotations: 2,
    };
  });

const tagOf = ({ verdict, identity }: Filled): string =>
  `<tag label="${verdict}" source="manual">${identity === null ? '' : `<attribute name="identity">${xmlText(identity)}</attribute>`}</tag>`;

function fillXml(text: string, verdicts: Verdicts): string {
  for (const [path, given] of verdicts) {
    const name = `name="${xmlText(path)}"`;
    const [from, to] = [text.indexOf('>', text.indexOf(name)) + 1, text.indexOf('</image>', text.indexOf(name))];
    text = text.slice(0, from) + tagOf(given) + text.slice(to);
  }
  return text.replace('<mode>', '<assignee><username>ada</username><email></email></assignee><mode>');
}

const label = ({ verdict, identity }: Filled): string => (identity === null ? verdict : `relabel=${identity}`);

function fillListing(zip: Uint8Array, verdicts: Verdicts): Uint8Array {
  const files = unzipSync(zip);
  const labels = strFromU8(files['synsets.txt']).trimEnd().split('\n');
  let list = strFromU8(files['default.txt']);
  for (const [path, given] of verdicts) {
    if (!labels.includes(label(given))) labels.push(label(given));
    list = list.replace(new RegExp(`^(${path}) \\d+$`, 'm'), `$1 ${labels.indexOf(label(given))}`);
  }
  return zipSync({ 'default.txt': strToU8(list), 'synsets.txt': strToU8(`${labels.join('\n')}\n`) });
}

const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const write = (file: string, content: string | Uint8Array): string => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
};
const beside = (file: string, name: string): string => join(dirname(file), name);

interface Labels {
  classes: string[];
  labels: Record<string, { label: string; attributes: Record<string, string> }>;
}

/** As FiftyOne's App leaves it when labels are edited. */
function fillLabels(file: string, verdicts: Verdicts): string {
  const { classes, labels } = json(file) as Labels;
  for (const target of Object.values(labels)) {
    const given = verdicts.get(target.attributes.path);
    if (!given) continue;
    target.label = given.verdict;
    if (given.verdict === target.attributes.decision) target.attributes.decision = ''; // set anew, without ours
    if (given.identity !== null) target.attributes.new_identity = given.identity;
  }
  return write(beside(file, 'edited.json'), JSON.stringify({ classes, labels }));
}

const samples = (verdicts: Verdicts, said: (given: Filled) => object): string =>
  JSON.stringify({
    samples: [...verdicts].map(([path, given]) => ({
      filepath: `/crawl/${path}`,
      _media_type: 'image',
      ...said(given),
    })),
  });

export const tools: readonly Tool[] = [
  {
    ...{ name: 'a spreadsheet', format: 'csv', file: 'd.csv' },
    fill(file, verdicts) {
      const rows = readCsv(readFileSync(file, 'utf8'), file).map(
        (row) => fillRow(row, verdicts) as Record<string, string>,
      );
      return write(file, writeCsv(Object.keys(rows[0]), rows));
    },
  },
  {
    ...{ name: 'a script', format: 'jsonl', file: 'd.jsonl' },
    fill(file, verdicts) {
      const lines = readFileSync(file, 'utf8').trim().split('\n');
      return write(file, lines.map((line) => JSON.stringify(fillRow(JSON.parse(line) as Row, verdicts))).join('\n'));
    },
  },
  {
    ...{ name: 'a data frame', format: 'parquet', file: 'd.parquet' },
    async fill(file, verdicts) {
      const rows = await parquetReadObjects({ file: new Uint8Array(readFileSync(file)).buffer });
      const filled = rows.map((row) => fillRow(row, verdicts));
      const columnData = ['path', 'verdict', 'suggested_identity'].map((name) => ({
        ...{ name, data: filled.map((row) => row[name] ?? null), type: 'STRING' as const },
      }));
      return write(file, new Uint8Array(parquetWriteBuffer({ columnData })));
    },
  },
  {
    ...{ name: "Label Studio's JSON", format: 'label-studio', file: 'd.json' },
    fill: (file, verdicts) => write(file, JSON.stringify(labelStudioTasks(json(file) as Task[], verdicts))),
  },
  {
    ...{ name: "Label Studio's JSON-MIN", format: 'label-studio', file: 'd.json' },
    fill(file, verdicts) {
      const rows = (json(file) as Task[]).map(({ data }, i) => {
        const given = verdicts.get(String(data.path));
        const said = given && { verdict: given.verdict, ...(given.identity && { new_identity: given.identity }) };
        return { ...data, id: i, ...said, annotator: 1, annotation_id: i, updated_at: '2026-11-03T10:00:00Z' };
      });
      return write(file, JSON.stringify(rows));
    },
  },
  {
    ...{ name: "CVAT's XML", format: 'cvat', file: 'd.xml' },
    fill: (file, verdicts) => write(file, fillXml(readFileSync(file, 'utf8'), verdicts)),
  },
  {
    ...{ name: "CVAT's XML, zipped", format: 'cvat', file: 'd.xml' },
    fill: (file, verdicts) =>
      write(
        beside(file, 'task.zip'),
        zipSync({ 'annotations.xml': strToU8(fillXml(readFileSync(file, 'utf8'), verdicts)) }),
      ),
  },
  {
    ...{ name: "CVAT's ImageNet list", format: 'cvat', file: 'd.zip', cannotHold: /["\n]/ },
    fill: (file, verdicts) => write(file, fillListing(readFileSync(file), verdicts)),
  },
  {
    ...{ name: 'folders named for verdicts', format: 'cvat', file: 'd.xml', cannotHold: /["\n]/ },
    fill(file, verdicts) {
      const folder = beside(file, 'sorted');
      for (const [path, given] of verdicts) write(join(folder, label(given), path), 'an image');
      return folder;
    },
  },
  {
    ...{ name: "FiftyOne's labels.json", format: 'fiftyone', file: 'd.json' },
    fill: fillLabels,
  },
  {
    ...{ name: "FiftyOne's samples.json, by field", format: 'fiftyone', file: 'd.json' },
    fill: (file, verdicts) =>
      write(
        beside(file, 'samples.json'),
        samples(verdicts, ({ verdict, identity }) => ({
          tags: [],
          verdict: { _cls: 'Classification', tags: [], label: verdict, ...(identity && { new_identity: identity }) },
        })),
      ),
  },
  {
    ...{ name: "FiftyOne's samples.json, by tag", format: 'fiftyone', file: 'd.json' },
    fill: (file, verdicts) =>
      write(
        beside(file, basename('samples.json')),
        samples(verdicts, (given) => ({ tags: ['blurred', label(given)], verdict: null })),
      ),
  },
];
