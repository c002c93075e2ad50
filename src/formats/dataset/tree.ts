import { countReasons, UNLABELLED } from '../../core/understood.js';
import { join } from 'node:path';
import { EmptyInputError, FacesieveError } from '../../core/errors.js';
import { shownPath } from '../../core/undecoded-name.js';
import { isImageName } from '../../images/image-name.js';
import type { Findings } from './findings.js';
import { isFile, stampOf, stampOfAll } from './find-files.js';
import { FolderTree, foldersOf } from './folder-tree.js';
import { isImageFile, whyNoImage } from './image-file.js';
import { identitiesOfFolders } from './label-names.js';
import { isListOfFiles } from './csv-reader.js';
import { findLayout, type Layout, namesAt, passedFolders, personOfLayout } from './layout.js';
import { countBeside, warnOfCount } from './shard-counts.js';
import { litterIn, litterReason } from './litter.js';
import { personOf } from './person-label.js';
import { type ReadOptions, refusedEntry, type Source, type SourceEntry } from './reader.js';
import { identityBeside, recordOf } from './sidecars.js';
import { walk } from './walk.js';
import { quantity } from '../../core/text/quantity.js';

/** What facesieve itself writes beside images. */
const ours = /^(label-map\.csv|ledger\.csv|datasheet\.json|truth\.csv)$/;

/** What was found out about a tree before its images are named. */
interface Survey {
  layout: Layout;
  /** Files among the images that may say who is who. */
  tables: readonly string[];
  /** Images have records beside them that say whose they are. */
  records: boolean;
}

/**
 * Images in folders of folders, of which one level names the people; records beside the images say more, where they are.
 * @throws EmptyInputError on entries(), when no image belongs to anybody
 */
export function treeSource(root: string, options: ReadOptions, findings: Findings): Source {
  let surveyed: Survey | undefined;
  const identityOf = identitiesOfFolders(root);
  const survey = (): Survey => (surveyed ??= surveyTree(root, options, findings));
  function* entries(): Generator<SourceEntry> {
    let [images, homeless] = [0, 0];
    const others: string[] = [];
    for (const { path, problem } of walk(root)) {
      if (ours.test(path)) continue;
      const entry = problem
        ? refusedEntry(shownPath(path), problem)
        : entryOf(root, path, survey(), options, identityOf);
      if (!entry.refusal) images++;
      else if (isImageName(path)) homeless++;
      else if (others.length < MOST_OTHERS) others.push(entry.refusal.reason);
      yield entry;
    }
    if (images === 0) throw emptyError(root, homeless > 0, survey().tables, others);
  }
  return {
    entries,
    stamp: () => stampOfAll(survey().records ? stampsOfFiles(root) : stamps(entries())),
  };
}

/** Images that are looked beside for a record: enough to tell whether a set has them. */
const SAMPLE = 64;

function surveyTree(root: string, { identityDepth, identityColumn }: ReadOptions, findings: Findings): Survey {
  const tree = new FolderTree();
  const beside = { looked: 0, found: 0, named: 0 };
  const tables: string[] = [];
  for (const { path, problem } of walk(root)) {
    if (problem !== undefined || ours.test(path) || litterIn(path) !== undefined) continue;
    if (tables.length < MOST_TABLES && isTable(join(root, path))) tables.push(join(root, path));
    if (!isImageFile(join(root, path), path)) continue;
    tree.add(foldersOf(path));
    if (beside.looked++ >= SAMPLE || !isFile(join(root, recordOf(path)))) continue;
    beside.found++;
    if (personBeside(root, path, identityColumn) !== undefined) beside.named++;
  }
  const layout = findLayout(tree.root, isFile(join(root, 'label-map.csv')) ? 0 : placeOf(identityDepth));
  const records = beside.named > 0 && identityDepth === undefined;
  for (const [name, folder] of tree.root.folders)
    warnOfCount(findings, join(root, name), folder.all, countBeside(join(root, name)));
  if (!records && tables.length > 0) sayTables(findings, tables, namesAt(tree.root, layout.depth).length);
  if (records) findings.person('what the .json beside each image says, or else its folder');
  if (tree.root.all > 0) sayLayout(findings, layout, root, records);
  if (!records && beside.found > 0 && layout.passed.length === 0 && tree.root.folders.size > 0)
    findings.warn(
      `.json files lie beside the images and none of their usual keys says whose an image is; the folders ` +
        `(${[...tree.root.folders.keys()].slice(0, 3).join(', ')}) may be shards and no people: name the key with --identity-column`,
    );
  return { layout, records, tables };
}

/** Tables that are named. */
const MOST_TABLES = 3;

/** Does a file among the images say who is who? Text files are looked into. */
const isTable = (file: string): boolean =>
  /\.(csv|tsv|lst|jsonl|ndjson)$/i.test(file) || (/\.(txt|list)$/i.test(file) && isFile(file) && isListOfFiles(file));

/** Tells of tables beside the images, which are not read: loudly where the folders tell nobody apart. */
function sayTables(findings: Findings, tables: readonly string[], people: number): void {
  const sentence = `${tables.map((table) => `"${table}"`).join(', ')} lies among the folders and is not read`;
  if (people > 1) findings.note(sentence);
  else findings.warn(`${sentence}; to take the people from it, name it as the source: facesieve ingest ${tables[0]}`);
}

/** From the flag's number to the place in a path. */
export const placeOf = (depth: number | undefined): number | undefined => (depth === undefined ? undefined : depth - 1);

/** Tells people how the folders are understood. */
export function sayLayout(findings: Findings, layout: Layout, root: string, records: boolean): void {
  if (layout.depth !== undefined) {
    findings.person(personOfLayout(layout.depth, root), passedFolders(layout));
  } else if (!records) findings.note(`no folder below "${root}" names a person`);
  if (!records && layout.doubt !== undefined) findings.warn(layout.doubt);
}

/** What the record beside an image says of whose it is; undefined when it says nothing or cannot be read. */
function personBeside(root: string, path: string, column: string | undefined): string | undefined {
  try {
    return identityBeside(join(root, recordOf(path)), column);
  } catch (error) {
    if (error instanceof FacesieveError) return undefined;
    throw error;
  }
}

function entryOf(
  root: string,
  path: string,
  { layout, records }: Survey,
  { identityColumn }: ReadOptions,
  identityOf: (folder: string) => string,
): SourceEntry {
  const name = shownPath(path);
  const litter = litterIn(path);
  if (litter !== undefined) return refusedEntry(name, litterReason(litter));
  const file = join(root, path);
  if (!isImageFile(file, path)) return refusedEntry(name, whyNoImage(path));
  const folder = layout.depth === undefined ? undefined : foldersOf(path)[layout.depth];
  const said = records ? personBeside(root, path, identityColumn) : undefined;
  if (said === undefined && folder === undefined) return refusedEntry(name, 'it lies in no folder that names a person');
  const identity = said ?? personOf(identityOf(shownPath(folder!)));
  return identity === '' ? refusedEntry(name, UNLABELLED) : { path: name, identity, place: { file } };
}

function* stamps(entries: Iterable<SourceEntry>): Generator<string> {
  for (const { path, place } of entries) yield `${path}\n${place ? stampOf(place.file) : ''}`;
}

/** Of a tree with records: of every file, for a record that changed says otherwise whose an image is. */
function* stampsOfFiles(root: string): Generator<string> {
  for (const { path, problem } of walk(root))
    if (!ours.test(path)) yield `${path}\n${problem === undefined ? stampOf(join(root, path)) : ''}`;
}

/** Files that are no images of which an error tells. */
const MOST_OTHERS = 10_000;

function emptyError(
  root: string,
  flat: boolean,
  tables: readonly string[],
  others: readonly string[],
): EmptyInputError {
  if (!flat)
    return new EmptyInputError(`"${root}" holds no images.`, [
      ...countReasons(others)
        .slice(0, 3)
        .map(({ reason, count }) => `${quantity(count, 'time')}: ${reason}`),
      'Name a folder with one folder of images per person.',
    ]);
  return new EmptyInputError(
    `"${root}" holds images, but no folder per person, so their identities are unknown.`,
    [
      ...(tables.length > 0
        ? tables.map((table) => `A table lies beside them: facesieve ingest ${table}`)
        : ['Or name a table of paths and people as the source, with --root FOLDER.']),
      "Put each person's images in a separate folder: SOURCE/NAME/image.jpg",
    ].reverse(),
  );
}
