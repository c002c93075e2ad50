import { posix } from 'node:path';
import { FormatError } from '../../core/errors.js';
import { verdictNames } from '../../core/records.js';
import type { DecisionFormat, ExportedDecision } from './format.js';
import type { ImportedFile } from './imported-file.js';
import { givenVerdictOf, sureness } from './suggestion.js';
import { UNANSWERED } from './answer-labels.js';
import { labelsAnswers, samplesAnswers } from './fiftyone-answers.js';

/**
 * FiftyOne (https://docs.voxel51.com/user_guide/import_datasets.html). Written: the labels.json of a
 * FiftyOneImageClassificationDataset, whose images stay where they are. Read: the same, and the samples.json of a
 * FiftyOneDataset with a field `verdict` or tags.
 */
export const fiftyoneFormat: DecisionFormat = {
  name: 'fiftyone',
  endings: ['.json'],
  write(decisions, { name, urlPrefix }) {
    const keys = decisions.map(({ record }) => keyOf(String(record.path), urlPrefix));
    const seen = new Set<string>();
    const twice = keys.find((key) => seen.size === seen.add(key).size);
    if (twice !== undefined)
      throw new FormatError(`Two images are called "${twice}" except for their endings, which FiftyOne omits.`, [
        'Give the whole path to your images: --url-prefix /path/to/crawl/',
      ]);
    const labels = Object.fromEntries(decisions.map((decision, i) => [keys[i], labelOf(decision)]));
    return [{ name, content: `${JSON.stringify({ classes: [...verdictNames, UNANSWERED], labels })}\n` }];
  },
  recognises: (file) => filesOf(file) !== undefined,
  read(file) {
    const { labels, samples } = filesOf(file)!;
    return samples ? samplesAnswers(samples) : labelsAnswers(labels!);
  },
};

/** FiftyOne names images without their ending, or by their whole path. */
const keyOf = (path: string, urlPrefix: string): string =>
  urlPrefix === '' ? path.slice(0, path.length - posix.extname(path).length) : urlPrefix + path;

/** What a person said already, or else our decision; the attributes tell which. */
function labelOf({ record }: ExportedDecision): object {
  const { path, identity, decision, reason, suggested_identity, p_noise } = record;
  const given = givenVerdictOf(record);
  return {
    label: given?.verdict ?? decision,
    ...(given ? {} : { confidence: sureness(record) }),
    attributes: {
      ...{ path, identity, decision, reason, p_noise },
      ...(suggested_identity === null ? {} : { new_identity: suggested_identity }),
      ...(given && { verdict: given.verdict, ...(given.face !== null && { face: given.face }) }),
    },
  };
}

function filesOf(file: ImportedFile): { labels?: ImportedFile; samples?: ImportedFile } | undefined {
  if (file.isFolder) {
    const [labels, samples] = [file.member('labels.json'), file.member('samples.json')];
    return labels || samples ? { labels, samples } : undefined;
  }
  if (!file.endsIn('.json')) return undefined;
  const value = file.json();
  if (typeof value !== 'object' || value === null) return undefined;
  return 'samples' in value ? { samples: file } : 'labels' in value ? { labels: file } : undefined;
}
