import { rmSync } from 'node:fs';
import { cropGeometry } from '../dist/core/crop-geometry.js';
import { resolveConfig } from '../dist/core/resolve-config.js';
import { randomOf } from '../dist/core/random.js';
import { CropWriter } from '../dist/images/crop-file.js';
import { cropFileOf } from '../dist/workspace/dataset.js';
import { writeDecisions } from '../dist/workspace/decisions.js';
import { insertImages } from '../dist/workspace/images.js';
import { recordRun } from '../dist/workspace/runs.js';
import { openWorkspace, writeFact } from '../dist/workspace/workspace.js';

/** p_noise of the decisions that it makes. */
const bands = { review: [0.25, 0.5], drop: [0.5, 1], relabel: [0.5, 1] };

const nameOf = (identity) => `person-${String(identity).padStart(5, '0')}`;

/**
 * A workspace as sift leaves it, of evidence that is drawn. @param folder is replaced
 * @param decide the decision on image i of an identity
 */
export function drawWorkspace(folder, { identities, each, size }, decide) {
  rmSync(folder, { recursive: true, force: true });
  const random = randomOf('drawn workspace');
  const workspace = openWorkspace(folder);
  const config = resolveConfig({ size });
  const crops = new CropWriter(cropFileOf(workspace), size, 0);
  const [rows, cropRows, decisions] = [[], [], []];
  for (let slot = 0; slot < identities * each; slot++) {
    const [identity, i] = [Math.floor(slot / each), slot % each];
    const decision = decide(i, identity);
    const found = { sha256: String(slot), width: 250, height: 250, dhash: '0', slot, error: null, state: 'ok' };
    const path = `${nameOf(identity)}/${String(i).padStart(4, '0')}.jpg`;
    rows.push({ id: slot + 1, path, identity: nameOf(identity), ...found, role: 'set', place: null });
    cropRows.push({ slot, image: slot + 1, face: 0, facts: { sharpness: 1, brightness: 1, contrast: 1 } });
    const shade = random.integer(200);
    crops.append(Uint8Array.from({ length: size * size * 3 }, () => shade + random.integer(56)));
    decisions.push({
      ...{ path, decision, reason: `${decision}: drawn` },
      suggestedIdentity: decision === 'relabel' ? nameOf((identity + 1) % identities) : null,
      pNoise: random.between(...(bands[decision] ?? [0, 0.25])),
      evidence: evidence(random, nameOf(random.integer(identities))),
    });
  }
  crops.close();
  insertImages(workspace, rows, cropRows);
  writeFact(workspace, 'source', folder);
  writeFact(workspace, 'crop', JSON.stringify(cropGeometry(config)));
  recordRun(workspace, { id: 'sift-drawn', stage: 'sift', parent: null, config, inputs: {} });
  writeFact(workspace, 'current:sift', 'sift-drawn');
  writeDecisions(workspace, 'sift-drawn', decisions);
  workspace.close();
}

const evidence = (random, rivalIdentity) => ({
  ...{ cosOwn: random.uniform(), cosDominant: random.uniform(), cosAssigned: random.uniform(), subcenter: 0 },
  ...{ dominantSubcenter: 0, dominantShare: 0.9, hasDominant: true, neighbourAgreement: random.uniform() },
  ...{ rivalIdentity, rivalCos: random.uniform(), rivalAgreement: random.uniform(), trainingMargin: random.uniform() },
  ...{ quality: 1, faces: 1, face: 0 },
});
