import { Args, Flags } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand } from '../../cli/base-command.js';
import { reviewerFlag, reviewerName } from '../../cli/reviewer.js';
import { withoutApostrophe } from '../../formats/spreadsheet-cell.js';
import { EmptyInputError } from '../../core/errors.js';
import { holdsNameVerdicts, importDecisions } from '../../pipeline/import-decisions.js';
import { quantity } from '../../core/text/quantity.js';

export const importSchema = z.object({
  rows: z.number().int(),
  changed: z.number().int(),
  names: z.number().int(),
  unknown: z.number().int(),
  unknownPaths: z.array(z.string()),
  newNames: z.array(z.object({ name: z.string(), images: z.number().int(), nearest: z.string().nullable() })),
});

const nothingFilledIn = (file: string): EmptyInputError =>
  new EmptyInputError(`"${file}" holds no verdict: nothing was changed.`, [
    'Fill in the column "verdict", or export what was answered; docs/exchange.md tells what is read of each tool.',
  ]);

export default class DecisionsImport extends BaseCommand<typeof DecisionsImport> {
  static override resultSchema = importSchema;
  static override summary = 'Take over what a person wrote in the verdict column, or decided in an annotation tool.';
  static override description =
    'Verdicts are keep, hard, drop, duplicate, relabel to a name, or wrong-face with the number of the face to judge from the ' +
    'next sift on. They win in every later run. A file is taken whole or ' +
    'not at all. Verdicts on names come with it if NAME-names.json is next to the file, or alone. docs/exchange.md says what is read from each tool.';
  static override args = {
    file: Args.string({
      description: 'a filled-in .csv, .jsonl or .parquet, or what Label Studio, CVAT or FiftyOne exported',
      required: true,
    }),
  };
  static override flags = {
    ...reviewerFlag,
    'url-prefix': Flags.string({ summary: 'What the export put in front of every path.', default: '' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> reviewed.csv --reviewer ada',
    '<%= config.bin %> <%= command.id %> annotations.zip --url-prefix crawl/',
  ];

  async run(): Promise<z.infer<typeof importSchema>> {
    const reviewer = reviewerName(this.flags.reviewer);
    const { file } = this.args;
    const result = await this.asWriter(({ workspace }) =>
      importDecisions(workspace, file, reviewer, this.flags['url-prefix']),
    );
    const onNames = result.names > 0 ? `; ${result.names} new verdicts on names` : '';
    this.log(`${quantity(result.rows, 'verdict')}, ${result.changed - result.names} of them new${onNames}`);
    for (const { name, images, nearest } of result.newNames)
      this.warn(
        `${images} ${images === 1 ? 'relabel goes' : 'relabels go'} to a name that no image has: ${name}` +
          (nearest === null ? '' : ` (did you mean ${nearest}?)`),
      );
    if (result.rows + result.names === 0 && !holdsNameVerdicts(file)) throw nothingFilledIn(file);
    if (result.unknown > 0)
      this.note(
        `on no image of this workspace: ${quantity(result.unknown, 'verdict')} (${result.unknownPaths.slice(0, 5).join(', ')})`,
      );
    const read = result.unknownPaths.filter((path) => withoutApostrophe(path) !== undefined);
    if (read.length > 0)
      this.note(
        `${read.length} of them begin with an apostrophe, as --spreadsheet-safe writes names; without it they are not images of this workspace either`,
      );
    return result;
  }
}
