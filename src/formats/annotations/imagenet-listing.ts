import { posix } from 'node:path';
import { z } from 'zod';
import { FormatError } from '../../core/errors.js';
import { verdictNames } from '../../core/records.js';
import { answerOfLabel, isAnswerLabel, labelOf, UNANSWERED } from './answer-labels.js';
import type { Answer, ExportedDecision } from './format.js';
import { jsonOf, textOf } from './imported-file.js';
import type { Members } from './members.js';
import { givenVerdictOf } from './suggestion.js';

const LABELS = 'synsets.txt';
/** Where datumaro and CVAT put the labels instead. */
const META = 'dataset_meta.json';

/**
 * "ImageNet 1.0" without images: a line an image with its label's number, and the labels. A list cannot tell a guess from an
 * answer, so images that nobody answered for are labelled `review`.
 */
export function writeListing(decisions: readonly ExportedDecision[], urlPrefix: string): Record<string, Uint8Array> {
  const numbers = new Map(
    [...verdictNames.filter((name) => name !== 'relabel' && name !== 'wrong-face'), UNANSWERED].map((name, i) => [
      name,
      i,
    ]),
  );
  const lines = decisions.map(({ record }) => {
    const label = labelOf(givenVerdictOf(record));
    const number = numbers.get(label) ?? numbers.size;
    numbers.set(label, number);
    return `${quoted(urlPrefix + String(record.path))} ${number}\n`;
  });
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  return {
    [LABELS]: text([...numbers.keys()].map((label) => `${label}\n`).join('')),
    'default.txt': text(lines.join('')),
  };
}

/** Names with blanks stand in quotes, the ending behind them: `"A b/1".jpg`. */
function quoted(path: string): string {
  if (/["\n\r]/.test(path))
    throw new FormatError(`"${path}" cannot stand in a list of ImageNet's.`, ['Export to an .xml file instead.']);
  if (!/\s/.test(path)) return path;
  const ending = posix.extname(path);
  return `"${path.slice(0, path.length - ending.length)}"${ending}`;
}

export const isListing = (names: readonly string[]): boolean =>
  names.some((name) => [LABELS, META].includes(posix.basename(name))) && listsOf(names).length > 0;

const listsOf = (names: readonly string[]): string[] =>
  names.filter((name) => name.endsWith('.txt') && posix.basename(name) !== LABELS);

/** @throws FormatError */
export async function listingAnswers(members: Members): Promise<Answer[]> {
  const labels = await readLabels(members);
  const answers: Answer[][] = [];
  for (const list of listsOf(members.names))
    answers.push(
      textOf(await members.read(list), list)
        .split('\n')
        .flatMap((line, i) => (line.trim() === '' ? [] : lineAnswers(line, `${list}:${i + 1}`, labels))),
    );
  return answers.flat();
}

function lineAnswers(line: string, place: string, labels: readonly string[]): Answer[] {
  const found = /^(?:"(?<stem>[^"]*)"(?<ending>\S*)|(?<name>\S+))(?<numbers>(?:\s+\d+)*)\s*$/.exec(line)?.groups;
  if (!found) throw new FormatError(`${place} is no line of ImageNet's: a path and the number of its label are.`);
  const path = found.name ?? found.stem + found.ending;
  return [...found.numbers.matchAll(/\d+/g)].map(([number]) => {
    const label = labels[Number(number)];
    if (label === undefined) throw new FormatError(`${place}: there is no label ${number}.`);
    return { place, path, ...answerOfLabel(label) };
  });
}

const metaSchema = z.object({ label_map: z.record(z.string(), z.string()) });

async function readLabels({ names, read }: Members): Promise<string[]> {
  const text = async (name: string): Promise<string> => textOf(await read(name), name);
  const list = names.find((name) => posix.basename(name) === LABELS);
  if (list !== undefined) return (await text(list)).trimEnd().split(/\r?\n/);
  const meta = names.find((name) => posix.basename(name) === META)!;
  const parsed = metaSchema.safeParse(jsonOf(await text(meta), meta));
  if (!parsed.success) throw new FormatError(`${meta} has no "label_map".`);
  const labels: string[] = [];
  for (const [number, label] of Object.entries(parsed.data.label_map)) labels[Number(number)] = label;
  return labels;
}

/** Files in folders that are named for verdicts: `drop/Ada/003.jpg`. */
export const folderAnswers = (names: readonly string[]): Answer[] =>
  names.flatMap((name) => {
    const parts = name.split('/');
    const at = parts.findIndex(isAnswerLabel);
    if (at < 0 || at === parts.length - 1) return [];
    return [{ place: name, path: parts.slice(at + 1).join('/'), ...answerOfLabel(parts[at]) }];
  });
