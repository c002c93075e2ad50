import { type Config, isFrozen } from '../core/config.js';
import { writeAtomically } from '../core/atomic-write.js';
import { ConfigError } from '../core/errors.js';
import { fingerprint } from '../core/fingerprint.js';
import { readCheckpoint } from './checkpoint.js';
import { exportNetwork } from './export-network.js';
import { trainedNetwork } from './network.js';

export interface ExportResult {
  run: string;
  out: string;
  size: number;
  dimensions: number;
  /** Names the identities the run was trained on, in label order. */
  labelMap: string;
}

/**
 * Writes the embedding network of run `id` to `out`. @throws ConfigError for a run on a frozen model, whose network is
 * not ours to hand out
 */
export function exportRun(id: string, config: Config, checkpoint: string, out: string): ExportResult {
  if (isFrozen(config.model.backbone))
    throw new ConfigError(
      `Run ${id} uses the frozen model ${config.model.backbone}; only networks trained here are exported.`,
      ['facesieve train --backbone mobilefacenet'],
    );
  const { state, identities } = readCheckpoint(checkpoint);
  const network = trainedNetwork(config);
  const labelMap = fingerprint(identities);
  const metadata = {
    run: id,
    backbone: config.model.backbone,
    labelMap,
    identities: String(identities.length),
    licence: 'The weights were learnt from the images of their run: the terms of those images apply.',
  };
  writeAtomically(out, exportNetwork(network, state, metadata));
  return { run: id, out, size: config.ingest.size, dimensions: network.layers.output.channels, labelMap };
}
