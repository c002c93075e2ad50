import { crc32c } from '../../src/core/checksum.js';
import { cropGeometry } from '../../src/core/crop-geometry.js';
import { randomOf } from '../../src/core/random.js';
import type { Decision, Evidence } from '../../src/core/records.js';
import { resolveConfig } from '../../src/core/resolve-config.js';
import { CropWriter } from '../../src/images/crop-file.js';
import { cropFileOf } from '../../src/workspace/dataset.js';
import { writeDecisions } from '../../src/workspace/decisions.js';
import { insertImages } from '../../src/workspace/images.js';
import { recordRun } from '../../src/workspace/runs.js';
import { openWorkspace, writeFact } from '../../src/workspace/workspace.js';

const SIDE = 16;
const names = ['A', 'B', 'C'];
const each = 8;

const evidence = (rivalIdentity: string, cosine: number): Evidence => ({
  ...{ cosOwn: cosine, cosDominant: cosine, cosAssigned: cosine, subcenter: 0, dominantSubcenter: 0 },
  ...{ dominantShare: 0.9, hasDominant: true, neighbourAgreement: 0.5, rivalIdentity, rivalCos: 0.3 },
  ...{ rivalAgreement: 0.2, trainingMargin: null, quality: 1 },
});

/** A workspace as a sift run leaves it, without one: A has two uncertain images, B four and C six, of eight each. */
export function drawnWorkspace(folder: string): void {
  const workspace = openWorkspace(folder);
  const config = resolveConfig({ size: SIDE, align: 'none' });
  const random = randomOf('drawn workspace');
  const crops = new CropWriter(cropFileOf(workspace), SIDE, 0);
  const paths = names.flatMap((identity) => Array.from({ length: each }, (_, i) => ({ identity, i })));
  writeFact(workspace, 'source', folder);
  writeFact(workspace, 'crop', JSON.stringify(cropGeometry(config)));
  paths.forEach(({ identity, i }, slot) => {
    const crop = Uint8Array.from({ length: SIDE * SIDE * 3 }, () => random.integer(256));
    crops.append(crop);
    const image = { id: slot + 1, path: `${identity}/${i}.jpg`, identity, sha256: `${slot}`, width: 16, height: 16 };
    const found = { dhash: '0', slot, error: null, state: 'ok', role: 'set', place: null } as const;
    const facts = { sharpness: 1, brightness: 1, contrast: 1 };
    insertImages(workspace, [{ ...image, ...found }], [{ slot, image: slot + 1, face: 0, facts, crc: crc32c(crop) }]);
  });
  crops.close();
  recordRun(workspace, { id: 'sift-drawn', stage: 'sift', parent: null, config, inputs: {} });
  writeFact(workspace, 'current:sift', 'sift-drawn');
  const decisions = paths.map(({ identity, i }): Decision => {
    const uncertain = i < 2 * (names.indexOf(identity) + 1);
    const pNoise = uncertain ? 0.25 + 0.03 * i : 0.01;
    const decided = {
      decision: uncertain ? 'review' : 'keep',
      reason: uncertain ? 'uncertain: drawn' : 'drawn',
    } as const;
    const rival = names[(names.indexOf(identity) + 1) % names.length];
    return {
      path: `${identity}/${i}.jpg`,
      ...decided,
      suggestedIdentity: null,
      pNoise,
      evidence: evidence(rival, 0.6),
    };
  });
  writeDecisions(workspace, 'sift-drawn', decisions);
  workspace.close();
}
