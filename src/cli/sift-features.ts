import { Flags } from '@oclif/core';
import { table } from '../core/text/table.js';
import { type DecisionListFormat, decisionListFormats } from '../formats/embeddings/decision-list.js';
import type { SiftedFeatures } from '../pipeline/sift-features.js';
import { datasetFlags } from './config-flags.js';
import { describeNoiseRate, describeUnjudged } from './describe-results.js';
import { quantity } from '../core/text/quantity.js';

const withFeatures = { dependsOn: ['embeddings'] };

/** Flags of `sift` on features of the user's own model. They read and write files instead of the workspace. */
export const featureFlags = {
  embeddings: Flags.string({
    summary:
      'Decide on these features of your own model, (images, dimensions): .npy, .safetensors or .parquet. No workspace is used.',
    dependsOn: ['labels'],
    exclusive: ['rule', 'angle', 'overlap', 'force'], // rules on sub-centres, the reference set, stored results
  }),
  labels: Flags.string({
    summary: 'Identity of each row of the features: a text file with one per line, a CSV file or a parquet file.',
    ...withFeatures,
  }),
  column: Flags.string({ summary: 'Tensor or column that holds the features.', ...withFeatures }),
  'identity-column': Flags.string({ summary: datasetFlags['identity-column'].summary, ...withFeatures }),
  'path-column': Flags.string({
    summary: 'Column that names the image. [default: rows are numbered from 0]',
    ...withFeatures,
  }),
  out: Flags.string({ summary: 'File to write the decisions on features to.', ...withFeatures }),
  format: Flags.string({
    summary: 'Format of that file. [default: by its ending, else csv]',
    options: [...decisionListFormats],
    ...withFeatures,
  }),
};

/** Returns the format asked for, or the one that the file's ending says. */
export const listFormatOf = (asked: string | undefined, out: string): DecisionListFormat =>
  decisionListFormats.find((name) => name === asked) ?? (out.endsWith('.jsonl') ? 'jsonl' : 'csv');

export function describeFeatures(found: SiftedFeatures, out: string | null): string[] {
  const { images, identities, dimensions, decisions, noiseRate, proposals, unjudged } = found;
  const counts = Object.entries(decisions).map(([name, n]) => [name, String(n)]);
  const { merges, splits } = proposals;
  return [
    `${quantity(images, 'image')} of ${quantity(identities, 'identity', 'identities')}, ${dimensions} dimensions`,
    '',
    ...table(['decision', 'images'], counts),
    '',
    describeNoiseRate(noiseRate),
    ...describeUnjudged(unjudged),
    ...(merges + splits > 0
      ? [
          `taken for one person: ${quantity(merges, 'pair')} of names; taken for several people: ${quantity(splits, 'name')}`,
        ]
      : []),
    '',
    out === null ? 'Write the decisions with --out decisions.csv' : `decisions: ${out}`,
  ];
}
