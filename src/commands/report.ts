import { reportSchema } from '../workspace/results.js';
import { Errors, Flags } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand } from '../cli/base-command.js';
import { reportFlags } from '../cli/config-flags.js';
import { exitCodes } from '../cli/exit-codes.js';
import { refuseUnwritable } from '../core/access.js';
import { renderReport, reportTo, reportFileOf } from '../pipeline/report.js';
import { reportFormatNames, reportFormatOf } from '../report/formats.js';

const STDOUT = '-';

export default class Report extends BaseCommand<typeof Report> {
  static override resultSchema = reportSchema;
  static override summary = 'Write the results as one page, with pictures and reasons.';
  static override description = `The page is self-contained: its pictures are embedded, nothing is loaded, no script runs. It shows faces and names, so
protect it like the images; --gallery-images 0 leaves the faces out.`;
  static override flags = {
    out: Flags.string({ summary: 'File to write, - for stdout. [default: reports/report.html, in the workspace]' }),
    format: Flags.string({ summary: "Format. [default: by the file's name, else html]", options: reportFormatNames }),
    ...reportFlags,
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --out report.html --gallery-images 200',
    '<%= config.bin %> <%= command.id %> --format md --out -',
  ];

  async run(): Promise<z.infer<typeof reportSchema>> {
    const { out, format: name } = this.flags;
    if (out === STDOUT && this.jsonEnabled())
      throw new Errors.CLIError('--out - and --json both want stdout: name a file.', { exit: exitCodes.usage });
    const format = reportFormatOf(name, out);
    if (out !== undefined && out !== STDOUT) refuseUnwritable(out, '--out');
    return this.asReader(async (workspace, { report: { galleryImages } }) => {
      const options = { format, galleryImages, signal: this.signal };
      if (out !== STDOUT) {
        const result = await reportTo(workspace, out ?? reportFileOf(workspace, format), options);
        this.log(result.out);
        return result;
      }
      const { text, sift } = await renderReport(workspace, options);
      this.writeDocument(text);
      return { out, format: format.name, bytes: Buffer.byteLength(text), sift };
    });
  }
}
