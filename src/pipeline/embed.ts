import { counted } from '../core/progress.js';
import type { EmbedResult } from '../workspace/results.js';
import { isFrozen } from '../core/config.js';
import { throwIfInterrupted } from '../core/interrupt.js';
import { cropSupply } from '../images/crop-file.js';
import { embedCrops } from '../model/embed-crops.js';
import { featuresName, frozenModel } from '../model/frozen/frozen-model.js';
import { checkedCropFile } from '../workspace/check-crops.js';
import { readDataset } from '../workspace/dataset.js';
import { embeddingFileOf, featureFileOf, writeEmbeddings } from '../workspace/embedding-file.js';
import { checkpointFileOf, chooseRun } from '../workspace/runs.js';
import { doOnce, type StageContext, type StageOutcome } from '../workspace/stage.js';

/** Embeds every image, and its mirror image, with the network of `runId` (default: the one trained on the crawl). */
export async function embed(context: StageContext, runId?: string): Promise<StageOutcome<EmbedResult>> {
  const { workspace, config, signal, progress } = context;
  const run = chooseRun(workspace, runId, 'train');
  const dataset = readDataset(workspace);
  const inputs = { run: run.id, dataset: dataset.fingerprint };
  return doOnce(context, 'embed', inputs, async () => {
    const file = embeddingFileOf(workspace, run.id);
    const network = { config: run.config, checkpoint: checkpointFileOf(workspace, run.id) };
    const supply = cropSupply(checkedCropFile(workspace), dataset.size, dataset.crops);
    const start = performance.now();
    const show = counted(progress, 'embed', { what: 'crops', total: supply.count });
    const shown = (done: number): void => {
      show(done);
      throwIfInterrupted(signal);
    };
    const features = isFrozen(run.config.model.backbone)
      ? featureFileOf(workspace, featuresName(frozenModel(run.config), dataset.fingerprint))
      : undefined;
    const embeddings = await embedCrops(config, network, supply, shown, features).finally(() => supply.close());
    writeEmbeddings(file, embeddings);
    const imagesPerSecond = (1000 * supply.count) / (performance.now() - start);
    return {
      run: run.id,
      images: dataset.images.length,
      dimensions: embeddings.vectors.dimensions,
      imagesPerSecond,
      file,
    };
  });
}
