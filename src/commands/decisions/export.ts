import { Flags } from '@oclif/core';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { BaseCommand } from '../../cli/base-command.js';
import { refuseUnwritable } from '../../core/access.js';
import { writeAtomically } from '../../core/atomic-write.js';
import { ConfigError } from '../../core/errors.js';
import { decisionNames } from '../../core/records.js';
import { exportDecisions } from '../../pipeline/export-decisions.js';
import { decisionFormatNames } from '../../formats/annotations/formats.js';
import { quantity } from '../../core/text/quantity.js';

export const exportSchema = z.object({
  rows: z.number().int(),
  unknown: z.number().int(),
  out: z.string().nullable(),
  files: z.array(z.string()),
});

export default class DecisionsExport extends BaseCommand<typeof DecisionsExport> {
  static override resultSchema = exportSchema;
  static override summary = 'Write the decisions as a table or for an annotation tool, to a file or to stdout.';
  static override description = 'docs/exchange.md shows how to exchange decisions with each tool.';
  static override flags = {
    format: Flags.string({ summary: 'Format.', options: decisionFormatNames, default: 'csv' }),
    out: Flags.string({ summary: 'File to write; accompanying files are written next to it. [default: stdout]' }),
    only: Flags.option({ options: decisionNames, multiple: true, delimiter: ',', summary: 'Only these decisions.' })(),
    chunk: Flags.integer({
      summary: 'Write numbered files with this many decisions each.',
      min: 1,
      dependsOn: ['out'],
    }),
    'url-prefix': Flags.string({ summary: 'Prefix for every path, so that the tool finds its images.', default: '' }),
    'spreadsheet-safe': Flags.boolean({
      summary: 'For a spreadsheet: put an apostrophe before every cell that it would evaluate. Only csv.',
    }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> --format csv --out decisions.csv',
    '<%= config.bin %> <%= command.id %> --only review,relabel --out to-review.csv --spreadsheet-safe',
    '<%= config.bin %> <%= command.id %> --format label-studio --only review --out tasks.json --url-prefix "/data/local-files/?d=crawl/"',
    '<%= config.bin %> <%= command.id %> --format cvat --only review --out annotations.xml --chunk 500',
  ];

  async run(): Promise<z.infer<typeof exportSchema>> {
    const { format, out, only, chunk, 'url-prefix': urlPrefix, 'spreadsheet-safe': spreadsheetSafe } = this.flags;
    if (out !== undefined) refuseUnwritable(out, '--out');
    const options = { name: out, only, chunk, urlPrefix, spreadsheetSafe };
    const { files, rows, names } = await this.asReader((workspace) => exportDecisions(workspace, format, options));
    if (out === undefined) {
      if (files.length > 1 || (typeof files[0].content !== 'string' && process.stdout.isTTY))
        throw new ConfigError(`An export as ${format} needs a file to go to.`, [`--out ${files[0].name}`]);
      if (!this.jsonEnabled()) this.writeDocument(files[0].content);
      if (names > 0) this.note(`not in it: ${quantity(names, 'verdict')} on names; --out FILE writes them beside FILE`);
      return { rows, unknown: 0, out: null, files: [] };
    }
    const paths = files.map(({ name }) => join(dirname(out), name));
    files.forEach(({ content }, i) => writeAtomically(paths[i], content));
    this.log(`${quantity(rows, 'decision')}: ${paths.join(', ')}`);
    return { rows, unknown: 0, out, files: paths };
  }
}
