// Embedding with this engine and with PyTorch, and with a pretrained model and onnxruntime in Python, alternately.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { resolveConfig } from '../dist/core/resolve-config.js';
import { onnxEngine } from '../dist/engine/onnx-engine.js';
import { cropSupply } from '../dist/images/crop-file.js';
import { embeddingProgram } from '../dist/model/embedding-network.js';
import { featuresOf } from '../dist/model/frozen/features.js';
import { frozenModel, pretrainedNamed } from '../dist/model/frozen/frozen-model.js';
import { pullModel } from '../dist/model/frozen/pull-model.js';
import { trainedNetwork } from '../dist/model/network.js';
import { initialise } from '../dist/model/parameters.js';
import { alternate, networks, pythonWorker, rowsTable, worker } from './alternate.js';
import { bench, data, facesieve } from './cli.js';

const batch = 64;
const threads = availableParallelism();
const CROPS = 256;

async function trained({ network, size, dimensions }) {
  const config = resolveConfig({ backbone: network, size, embeddingSize: dimensions });
  const net = trainedNetwork(config);
  const engine = onnxEngine({ threads, device: 'cpu' });
  const state = initialise(net.layers.parameters, 0);
  const executable = await engine.load(embeddingProgram(net, batch), state, { frozen: true });
  const images = Uint8Array.from({ length: batch * size * size * 3 }, () => 256 * Math.random());
  const ours = worker(
    'facesieve',
    () => executable.run({ images }),
    () => executable.dispose(),
  );
  const torch = (layout) =>
    pythonWorker(`PyTorch 2.5.1, ${layout}`, 'torch_embed.py', network, layout, size, batch, dimensions, threads);
  const rates = await alternate([ours, await torch('default'), await torch('channels_last')], batch);
  return { network, size, batch, ...rates };
}

async function pretrained() {
  await pullModel(pretrainedNamed('mobilefacenet'));
  const workspace = join(bench, 'crops-112');
  if (!existsSync(workspace)) facesieve('ingest', join(data, 'lfw10a'), '-w', workspace, '--size', '112');
  const file = join(workspace, 'crops', 'crops.u8');
  const model = frozenModel(resolveConfig({ backbone: 'pretrained:mobilefacenet' }));
  const once = async () => {
    const supply = cropSupply(file, 112, CROPS);
    await featuresOf(model, { threads, device: 'cpu' }, supply, undefined, () => undefined);
    supply.close();
  };
  const { mean, scale } = model.preprocessing;
  const python = await pythonWorker(
    'onnxruntime in Python, as exported',
    ...['onnx_embed.py', model.file, file, 112, CROPS, mean, scale, threads],
  );
  const rates = await alternate([worker('facesieve', once), python], CROPS);
  return { network: 'pretrained:mobilefacenet', size: 112, batch: 16, ...rates };
}

export async function measure() {
  const rows = [];
  for (const row of [...networks.map((network) => () => trained(network)), pretrained]) {
    rows.push(await row());
    console.error(rowsTable(rows.slice(-1)).split('\n').at(-1));
  }
  return { rows };
}

export const describe = ({ rows }) => rowsTable(rows);
