import { csvPairs } from './csv.js';
import { insightfaceBin } from './insightface-bin.js';
import { pairList } from './pair-list.js';
import { templatePairs } from './templates.js';
import type { PairSet } from '../../metrics/pair-set.js';
import type { PairReader, PairSource } from './pair-reader.js';

/** Every form of a list of pairs: one file and one line here. The first that fits reads. */
export const pairReaders: readonly PairReader[] = [templatePairs, insightfaceBin, csvPairs, pairList];

/** @throws FormatError, PathError, EmptyInputError */
export const readPairs = async (source: PairSource): Promise<PairSet> =>
  await pairReaders.find((reader) => reader.reads(source))!.read(source);
