import { throwIfInterrupted } from '../core/interrupt.js';
import { CropReader } from '../images/crop-file.js';
import { embedCrops } from '../model/embed-crops.js';
import { readDataset } from '../store/dataset.js';
import { embeddingFileOf, writeEmbeddings } from '../store/embedding-file.js';
import { checkpointFileOf, chooseRun } from '../store/runs.js';
import { doOnce, type StageContext, type StageOutcome } from '../store/stages.js';

export interface EmbedResult {
  run: string;
  images: number;
  dimensions: number;
  imagesPerSecond: number;
  file: string;
}

/** Embeds every image, and its mirror image, with the network of `runId` (default: the one trained on the crawl). */
export async function embed(context: StageContext, runId?: string): Promise<StageOutcome<EmbedResult>> {
  const { workspace, config, signal, progress } = context;
  const run = chooseRun(workspace, runId, 'train');
  const dataset = readDataset(workspace);
  const inputs = { run: run.id, dataset: dataset.fingerprint };
  return doOnce(context, 'embed', inputs, async () => {
    const file = embeddingFileOf(workspace, run.id);
    const network = { config: run.config, checkpoint: checkpointFileOf(workspace, run.id) };
    const crops = new CropReader(dataset.cropFile, dataset.size);
    const start = performance.now();
    const count = dataset.images.length;
    const supply = {
      count,
      fill: (i: number, target: Uint8Array, offset: number) => crops.readInto(dataset.images[i].slot, target, offset),
    };
    const embeddings = await embedCrops(config, network, supply, (done) => {
      progress.update('embed', `${done} of ${count} images`);
      throwIfInterrupted(signal);
    }).finally(() => crops.close());
    writeEmbeddings(file, embeddings);
    const imagesPerSecond = (1000 * count) / (performance.now() - start);
    return { run: run.id, images: count, dimensions: embeddings.vectors.dimensions, imagesPerSecond, file };
  });
}
