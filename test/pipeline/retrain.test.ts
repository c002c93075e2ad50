import { describe, expect, it } from 'vitest';
import { crc32c } from '../../src/core/checksum.js';
import { cropGeometry } from '../../src/core/crop-geometry.js';
import { readTensors } from '../../src/core/safetensors.js';
import { CropWriter } from '../../src/images/crop-file.js';
import { retrain } from '../../src/pipeline/retrain.js';
import { cropFileOf } from '../../src/workspace/dataset.js';
import { insertImages } from '../../src/workspace/images.js';
import { writeDecisions } from '../../src/workspace/decisions.js';
import { findRun, recordRun } from '../../src/workspace/runs.js';
import { writeFact } from '../../src/workspace/workspace.js';
import { contextOf } from '../helpers/context.js';
import { noEvidence } from '../helpers/decided-workspace.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';

const SIDE = 16;

/** Three people of ten images each, the last image of each dropped. */
function siftedCrawl() {
  const settings = { subcenters: 3, imagesPerSubcenter: 0, epochs: 1, batchSize: 8, holdout: 0.3, threads: 1 };
  const context = contextOf(temporaryFolder(), settings);
  const { workspace, config } = context;
  const crops = new CropWriter(cropFileOf(workspace), SIDE, 0);
  const paths = Array.from({ length: 30 }, (_, i) => `${'ABC'[i % 3]}/${Math.floor(i / 3)}.jpg`);
  const facts = { sharpness: 1, brightness: 1, contrast: 1 };
  const rows = paths.map((path, slot) => {
    const crop = new Uint8Array(SIDE * SIDE * 3).map((_, at) => (at * (slot % 3) + 7 * slot) % 256);
    crops.append(crop);
    const known = { sha256: `${slot}`, dhash: `${slot}`, width: SIDE, height: SIDE, error: null, place: null };
    const row = { id: slot + 1, path, identity: path[0], slot, ...known, state: 'ok' as const, role: 'set' as const };
    return { row, face: { slot, image: slot + 1, face: 0, facts, crc: crc32c(crop) } };
  });
  crops.close();
  insertImages(workspace, rows.map(({ row }) => row), rows.map(({ face }) => face)); // prettier-ignore
  writeFact(workspace, 'source', '/crawl');
  writeFact(workspace, 'crop', JSON.stringify(cropGeometry(config)));
  recordRun(workspace, { id: 'sift-1', stage: 'sift', parent: null, config, inputs: {} });
  writeFact(workspace, 'current:sift', 'sift-1');
  const rest = { reason: '', suggestedIdentity: null, pNoise: 0, evidence: noEvidence };
  writeDecisions(workspace, 'sift-1', paths.map((path) => ({ path, decision: path.endsWith('9.jpg') ? 'drop' : 'keep', ...rest }))); // prettier-ignore
  return context;
}

describe('training again on the purified list', () => {
  it('has one centre an identity, whatever K was, and does not see the images that are held out', async () => {
    const context = siftedCrawl();
    const { result } = await retrain(context);
    const { tensors } = readTensors(result.checkpoint);
    expect(tensors.head.shape[0]).toBe(3); // C * K
    const { heldOut } = findRun(context.workspace, result.run)!.inputs as { heldOut: string[] };
    expect(heldOut.length).toBeGreaterThan(5); // about three tenths of 27
    expect(heldOut.length).toBeLessThan(12);
    expect(heldOut.some((path) => path.endsWith('9.jpg'))).toBe(false);
    expect(tensors['margins.count'].shape).toEqual([27 - heldOut.length]); // an entry for each image that it trains on
  });
});
