import { Flags } from '@oclif/core';
import { z } from 'zod';
import { purifySchema } from '../workspace/results.js';
import { BaseCommand, forceFlag } from '../cli/base-command.js';
import { overwriteFlag, purifyFlags } from '../cli/config-flags.js';
import { refuseUnwritable } from '../core/access.js';
import { purify } from '../pipeline/purify.js';
import { writerNames } from '../formats/dataset/writers.js';
import { quantity } from '../core/text/quantity.js';

export default class Purify extends BaseCommand<typeof Purify> {
  static override resultSchema = purifySchema;
  static override summary = 'Write the purified set, its label map and its ledger.';
  static override flags = {
    out: Flags.string({ summary: 'Folder to write; new, empty, or written by purify before.', required: true }),
    format: Flags.string({ summary: 'Format of the set.', options: writerNames, default: 'folder' }),
    crops: Flags.boolean({ summary: 'Write the crops that networks are trained on (PNG), not the original bytes.' }),
    incremental: Flags.boolean({
      summary: 'Write only what differs from the set at OUT.',
      exclusive: ['overwrite', 'extend'],
    }),
    ...overwriteFlag,
    extend: Flags.boolean({ summary: 'Add to the set at OUT; its labels stay.', exclusive: ['overwrite'] }),
    ...purifyFlags,
    ...forceFlag,
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> --out clean --mode copy',
    '<%= config.bin %> <%= command.id %> --out records --format recordio --crops',
  ];

  async run(): Promise<z.infer<typeof purifySchema>> {
    const { out, format, crops, incremental, overwrite, extend } = this.flags;
    refuseUnwritable(out, '--out');
    const onto = extend ? 'extend' : overwrite ? 'overwrite' : incremental ? 'incremental' : 'replace';
    const { result } = await this.asWriter((context) => purify(context, out, { format, crops, onto }));
    this.log(
      `${quantity(result.kept, 'image')} of ${quantity(result.identities, 'identity', 'identities')} in ${result.out}`,
    );
    this.log(
      `left out: ${result.dropped} dropped, ${result.duplicates} duplicates; ${result.relabelled} under another name`,
    );
    if (result.emptied > 0) this.log(`nothing left of: ${result.emptiedIdentities.join(', ')}`);
    return result;
  }
}
