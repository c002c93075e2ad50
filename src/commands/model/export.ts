import { Flags } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand } from '../../cli/base-command.js';
import { exportRun } from '../../model/export-run.js';
import { checkpointFileOf, chooseRun } from '../../workspace/runs.js';
import { currentKey } from '../../workspace/stage.js';

export const modelExportSchema = z.object({
  run: z.string(),
  out: z.string(),
  size: z.number().int(),
  dimensions: z.number().int(),
  labelMap: z.string(),
});

export default class ModelExport extends BaseCommand<typeof ModelExport> {
  static override resultSchema = modelExportSchema;
  static override summary = 'Write the embedding network of a run as an ONNX file.';
  static override description =
    'The file takes bytes (batch, S, S, 3), RGB, and returns unit rows (batch, D): preprocessing, the mirror image and ' +
    'the normalisation are inside, the batch is free.';
  static override flags = {
    run: Flags.string({ summary: 'Run whose network is written. [default: the retrained one, else the first]' }),
    out: Flags.string({ summary: 'File to write.', default: 'network.onnx' }),
  };
  static override examples = ['<%= config.bin %> <%= command.id %> --out network.onnx'];

  async run(): Promise<z.infer<typeof modelExportSchema>> {
    const result = await this.asReader((workspace) => {
      const run = chooseRun(workspace, this.flags.run, currentKey(workspace, 'retrain') ? 'retrain' : 'train');
      return exportRun(run.id, run.config, checkpointFileOf(workspace, run.id), this.flags.out);
    });
    this.log(`${result.out}: run ${result.run}, ${result.size} pixels to ${result.dimensions} dimensions`);
    return result;
  }
}
