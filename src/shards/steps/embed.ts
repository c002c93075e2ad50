import { throwIfInterrupted } from '../../core/interrupt.js';
import { counted } from '../../core/progress.js';
import { batchOf, makeFeatures } from '../../model/frozen/features.js';
import { type FrozenModel, frozenModel } from '../../model/frozen/frozen-model.js';
import { PlanError } from '../errors.js';
import { cropOffsets, cropsOfParts } from '../ingest-parts.js';
import type { Plan } from '../plan.js';
import { writePlannedPart } from '../planned-part.js';
import type { Step, Task } from '../step.js';

/**
 * Makes the features of a frozen model for a share of all crops. Shares begin and end at whole batches of the whole set: the
 * last bits of a row can depend on the rows beside it in a batch.
 */
export const embedStep: Step = {
  name: 'embed',
  kind: 'map',
  reads: ['ingest'],
  writes: 'embed',
  frozenOnly: true,
  async run(task) {
    const { plan, config, exchange, shard, progress, signal } = task;
    const model = await modelOf(task);
    const offsets = cropOffsets(plan, exchange);
    const { from, to } = shareOf(plan, offsets.at(-1)!, shard);
    const crops = cropsOfParts(plan, exchange, { from, to, offsets });
    const show = counted(progress, 'embed', { what: 'crops', total: crops.count });
    const { upright, mirrored } = await makeFeatures(model, config, crops, (done) => {
      show(done);
      throwIfInterrupted(signal);
    }).finally(() => crops.close());
    const rows = to - from;
    await writePlannedPart(plan, exchange, 'embed', shard, (part) => {
      for (const [name, values] of Object.entries({ upright, mirrored })) {
        part.begin(name);
        part.append(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), rows);
      }
      return rows;
    });
  },
};

/** Crops `from` to `to` of `crops`, which shard `shard` embeds. */
export function shareOf(
  { shards, model }: Pick<Plan, 'shards' | 'model'>,
  crops: number,
  shard: number,
): { from: number; to: number } {
  const { batch } = model!;
  const batches = Math.ceil(crops / batch);
  const at = (i: number): number => Math.min(crops, Math.ceil((i * batches) / shards) * batch);
  return { from: at(shard), to: at(shard + 1) };
}

/** @throws PlanError when this machine has another model than the one that was planned with */
async function modelOf({ plan, config }: Task): Promise<FrozenModel> {
  const model = frozenModel(config);
  if (model.sha256 !== plan.model!.sha256)
    throw new PlanError(`"${model.file}" is another model than the one that the work was planned with.`, [
      'Use the same file on all machines.',
    ]);
  const batch = await batchOf(model, config);
  if (batch !== plan.model!.batch)
    throw new PlanError(
      `This machine gives "${model.file}" ${batch} crops at once; the work was planned with ${plan.model!.batch}.`,
      ['Run all tasks on one kind of machine.'],
    );
  return model;
}
