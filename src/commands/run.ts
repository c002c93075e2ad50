import { Args, Flags } from '@oclif/core';
import { join } from 'node:path';
import { z } from 'zod';
import { BaseCommand, forceFlag } from '../cli/base-command.js';
import {
  compareFlag,
  datasetFlags,
  engineFlags,
  overwriteFlag,
  ownerFlag,
  purifyFlags,
  reportFlags,
  roundFlags,
  siftFlags,
  trainingFlags,
} from '../cli/config-flags.js';
import { describeRun } from '../cli/describe-results.js';
import { commandAgain, nextSteps, workspaceOption } from '../cli/next-steps.js';
import { exitCodes } from '../cli/exit-codes.js';
import { isFrozen } from '../core/config.js';
import { readBaseline } from '../gate/baseline.js';
import { textFormat } from '../gate/formats/text.js';
import { gate } from '../gate/gate.js';
import { gateSchema } from '../gate/judge.js';
import { readRules } from '../gate/read-rules.js';
import { checkRequest } from '../pipeline/check-request.js';
import { type PipelineResult, runPipeline } from '../pipeline/pipeline.js';
import { type Status, statusOf } from '../pipeline/status.js';
import type { Onto } from '../pipeline/purify.js';
import { roundChangesSchema } from '../pipeline/compare-rounds.js';
import {
  type Comparison,
  comparisonSchema,
  decisionCountsSchema,
  noiseRateSchema,
  overlapSchema,
  withheldSchema,
} from '../workspace/results.js';

const { verification, identification, ...ofComparison } = comparisonSchema.shape;
/** What `--compare` adds: figures of the three networks, and what they rest on. */
const comparedShape = {
  verification: verification.optional(),
  identification,
  comparison: z.object(ofComparison).optional(),
};

export const runSchema = z.object({
  stages: z.array(z.object({ name: z.string(), seconds: z.number(), skipped: z.boolean() })),
  files: z.number().int(),
  images: z.number().int(),
  identities: z.number().int(),
  decisions: decisionCountsSchema,
  verdicts: z.number().int(),
  next: z.string(),
  noiseRate: noiseRateSchema,
  rounds: z.array(roundChangesSchema),
  out: z.string(),
  withheld: withheldSchema.optional(),
  overlap: overlapSchema.optional(),
  ...comparedShape,
  report: z.string(),
  gate: gateSchema.optional(),
});

function compared(found: Comparison | null | undefined) {
  if (!found) return {};
  const { verification, identification, ...comparison } = found;
  return { verification, ...(identification && { identification }), comparison };
}

/** The part of a run's `--json` result that comes from the stages. */
export const runResult = (
  { stages, rounds, results: { ingest, sift, purify, compare, report } }: PipelineResult,
  { decisions, verdicts, files, next }: Status,
) => ({
  stages,
  files,
  images: ingest.images,
  identities: ingest.identities,
  decisions: decisions ?? sift.decisions,
  verdicts,
  next,
  noiseRate: sift.noiseRate,
  rounds,
  out: purify.out,
  ...(sift.withheld && { withheld: sift.withheld }),
  ...(sift.overlap && { overlap: sift.overlap }),
  ...compared(compare?.comparison),
  report: report.out,
});

const FROM_SCRATCH =
  'training from scratch on these images alone, for which some 40 people with 50 images each are needed; a pretrained model ' +
  'needs fewer and finds more: `facesieve model pull mobilefacenet`, then --backbone pretrained:mobilefacenet';

export default class Run extends BaseCommand<typeof Run> {
  static override createsWorkspace = true;
  static override resultSchema = runSchema;
  static override summary = 'Clean a crawl: every stage, from images to a purified set and a retrained network.';
  static override description = 'After an interruption, the same command continues where it stopped.';
  static override args = {
    source: Args.string({
      description:
        'folder with one folder of images per person, or a .rec, .tar, .zip, .parquet, .lst, .csv or .jsonl file',
      required: true,
    }),
  };
  static override flags = {
    out: Flags.string({ summary: 'Folder for the purified set. [default: purified, in the workspace]' }),
    rules: Flags.string({ summary: 'JSON or YAML file of gate rules to check the result against.' }),
    baseline: Flags.string({
      summary: 'Baseline for the gate rule `drift`.',
      helpValue: 'FILE',
      dependsOn: ['rules'],
    }),
    ...roundFlags,
    ...compareFlag,
    ...datasetFlags,
    ...trainingFlags,
    ...siftFlags,
    ...purifyFlags,
    ...overwriteFlag,
    ...ownerFlag,
    ...reportFlags,
    ...engineFlags,
    ...forceFlag,
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> crawl --backbone pretrained:mobilefacenet --out clean',
    '<%= config.bin %> <%= command.id %> crawl --align none --epochs 30 --rules rules.json',
  ];

  async run(): Promise<z.infer<typeof runSchema>> {
    const { rules, baseline, resume } = this.flags;
    if (rules) readRules(rules); // a mistake in them should not wait for the training
    if (baseline) readBaseline(baseline);
    const onto: Onto = this.flags.overwrite ? 'overwrite' : 'replace';
    const out = this.flags.out ?? join(this.flags.workspace, 'purified');
    const config = this.settings();
    await checkRequest(config, { source: this.args.source, out });
    if (!isFrozen(config.model.backbone)) this.note(FROM_SCRATCH);
    return this.asWriter(async (context) => {
      const { compare, 'force-source': forceSource } = this.flags;
      const command = commandAgain('facesieve run', this.argv, [this.args.source, this.flags.out]);
      const input = { source: this.args.source, out, resume, onto, forceSource, compare, command };
      const pipeline = await runPipeline(context, input);
      const status = statusOf(context.workspace, workspaceOption(this.flags.workspace));
      this.log(...describeRun(pipeline, status), '', ...nextSteps(status));
      const result = runResult(pipeline, status);
      if (!rules) return result;
      const judged = gate(context.workspace, { rules, baseline });
      this.log('');
      if (!this.jsonEnabled()) this.writeDocument(textFormat.write(judged));
      if (!judged.passed) process.exitCode = exitCodes.gateFailed;
      return { ...result, gate: judged };
    });
  }
}
