import { Args } from '@oclif/core';
import { BaseCommand } from '../cli/base-command.js';
import { exitCodes } from '../cli/exit-codes.js';
import { findingKinds } from '../purified-set/verify/finding.js';
import { type VerifyResult, verifySchema, verifySet } from '../purified-set/verify/verify-set.js';
import { table } from '../core/text/table.js';
import { quantity } from '../core/text/quantity.js';

/** Findings that are shown; `--json` has all. */
const SHOWN = 20;

export default class Verify extends BaseCommand<typeof Verify> {
  static override resultSchema = verifySchema;
  static override summary = 'Check a purified set against its ledger; exit 1 if they differ.';
  static override description =
    'Needs no workspace. Checks files and hashes, extra files, label map and counts. Exit 2 if DIR is not a purified set.';
  static override args = { dir: Args.string({ description: 'folder that purify wrote', required: true }) };
  static override examples = [
    '<%= config.bin %> <%= command.id %> clean',
    '<%= config.bin %> <%= command.id %> clean --json',
  ];

  async run(): Promise<VerifyResult> {
    const result = await verifySet(this.args.dir, this.signal, this.progress);
    const { intact, images, identities, unchecked, counts, findings } = result;
    if (findings.length > 0) {
      const rows = findings.slice(0, SHOWN).map(({ kind, path, detail }) => [kind, path, detail]);
      this.log(...table(['', 'path', ''], rows));
      if (findings.length > SHOWN) this.log(`and ${findings.length - SHOWN} more: --json has them all`);
      this.log('');
    }
    if (unchecked > 0)
      this.log(`of ${quantity(unchecked, 'image')} no hash was recorded when the set was written: not checked`);
    const found = findingKinds.flatMap((kind) => (counts[kind] > 0 ? [`${counts[kind]} ${kind}`] : []));
    this.log(
      `${quantity(images, 'image')} of ${quantity(identities, 'identity', 'identities')}: ${intact ? 'as they were written' : `DIFFERENT: ${found.join(', ')}`}`,
    );
    if (!intact) process.exitCode = exitCodes.differs;
    return result;
  }
}
