// Training steps of this engine and of PyTorch, alternately in one run: same network, batch, head and threads.
import { availableParallelism } from 'node:os';
import { resolveConfig } from '../dist/core/resolve-config.js';
import { eagerEngine } from '../dist/engine/eager-engine.js';
import { onnxEngine } from '../dist/engine/onnx-engine.js';
import { arcface } from '../dist/losses/arcface.js';
import { trainedNetwork } from '../dist/model/network.js';
import { freshState, trainingProgram, weightSpecs } from '../dist/training/training-program.js';
import { alternate, networks, pythonWorker, rowsTable, worker } from './alternate.js';

const setting = { batch: 32, classes: 200, subcenters: 3, threads: availableParallelism() };

function torch(layout, { network, size, dimensions }) {
  const { batch, classes, subcenters, threads } = setting;
  const name = `PyTorch 2.5.1, ${layout === 'default' ? 'default layout' : layout}`;
  const args = [network, layout, size, batch, dimensions, classes, subcenters, threads];
  return pythonWorker(name, 'torch_train.py', ...args);
}

/** The engine `tensorflow` on a binding named by FACESIEVE_TFJS_NODE (scripts/build-tensorflow-binding.js makes one). */
const binding = process.env.FACESIEVE_TFJS_NODE;

async function tensorflow() {
  await import(`${binding}/dist/index.js`);
  return eagerEngine('tensorflow', 'tensorflow');
}

async function ours({ network, size, dimensions }, engine = onnxEngine({ threads: setting.threads, device: 'cpu' })) {
  const { batch, classes, subcenters } = setting;
  const config = resolveConfig({ backbone: network, size, embeddingSize: dimensions, batchSize: batch, subcenters });
  const model = { network: trainedNetwork(config), loss: arcface, classes, config };
  const executable = await engine.load(trainingProgram(model), freshState(weightSpecs(model), 0));
  const inputs = {
    images: Uint8Array.from({ length: batch * size * size * 3 }, () => 256 * Math.random()),
    labels: Int32Array.from({ length: batch }, (_, i) => i % classes),
    rate: Float32Array.of(0.05),
    margin: Float32Array.of(0.3),
  };
  return worker(
    engine.name === 'onnx' ? 'facesieve' : `facesieve --engine ${engine.name}`,
    () => executable.run(inputs),
    () => executable.dispose(),
  );
}

export async function measure() {
  const rows = [];
  for (const network of networks) {
    const workers = [await ours(network), await torch('default', network), await torch('channels_last', network)];
    const rates = await alternate(workers, setting.batch, { rounds: 7, turnSeconds: 1.5 });
    rows.push({ network: network.network, size: network.size, batch: setting.batch, ...rates });
    console.error(rowsTable(rows.slice(-1)).split('\n').at(-1));
  }
  if (binding) {
    const [network] = networks;
    const workers = [await ours(network, await tensorflow()), await ours(network)];
    const rates = await alternate(workers, setting.batch);
    rows.push({
      network: `${network.network}, ${workers[0].name}`,
      size: network.size,
      batch: setting.batch,
      ...rates,
    });
  }
  return { rows };
}

export const describe = ({ rows }) => rowsTable(rows);
