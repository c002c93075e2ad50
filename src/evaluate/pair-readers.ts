import { csvPairs } from './pair-readers/csv.js';
import { insightfaceBin } from './pair-readers/insightface-bin.js';
import { lfwPairs } from './pair-readers/lfw-pairs.js';
import { templatePairs } from './pair-readers/templates.js';
import type { PairReader, PairSet, PairSource } from './pair-set.js';

/** Every form of a list of pairs: one file and one line here. The first that fits reads. */
export const pairReaders: readonly PairReader[] = [templatePairs, insightfaceBin, lfwPairs, csvPairs];

/** @throws FormatError, PathError, EmptyInputError */
export const readPairs = async (source: PairSource): Promise<PairSet> =>
  await pairReaders.find((reader) => reader.reads(source))!.read(source);
