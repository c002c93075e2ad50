import { describe, expect, it } from 'vitest';
import { chosenFaceWords } from '../../src/core/decided-image.js';
import type { FaceFacts } from '../../src/core/records.js';
import { writeDecisions } from '../../src/workspace/decisions.js';
import { readPurifiedList } from '../../src/workspace/purified-list.js';
import { takeBackLast } from '../../src/workspace/undo.js';
import { currentVerdicts, giveVerdicts } from '../../src/workspace/verdicts.js';
import type { Workspace } from '../../src/workspace/workspace.js';
import { decidedWorkspace, noEvidence } from '../helpers/decided-workspace.js';
import { temporaryFolder } from '../helpers/tiny-crawl.js';

const at = (left: number): FaceFacts => ({ left, top: 10, width: 20, height: 24, score: 1, roll: 0, yaw: 0 });

/** Replaces the faces of image 0, as another ingest does. */
function foundFaces(workspace: Workspace, faces: readonly FaceFacts[]): void {
  workspace.database.exec('DELETE FROM crops');
  const insert = workspace.database.prepare('INSERT INTO crops (slot, image, face, facts, crc) VALUES (?, 0, ?, ?, 0)');
  faces.forEach((face, i) => insert.run(i, i, JSON.stringify({ sharpness: 1, brightness: 1, contrast: 1, face })));
}

function workspaceWithFaces(): Workspace {
  const workspace = decidedWorkspace(temporaryFolder(), [{ path: 'A/1.jpg', decision: 'drop' }]);
  foundFaces(workspace, [at(0), at(50), at(100)]);
  judge(workspace, 0);
  return workspace;
}

const judge = (workspace: Workspace, face: number): void =>
  writeDecisions(workspace, 'sift-1', [
    {
      ...{ path: 'A/1.jpg', decision: 'drop', reason: 'why', suggestedIdentity: null, pNoise: 0.9 },
      evidence: { ...noEvidence, faces: 3, face },
    },
  ]);

const choose = (workspace: Workspace, face: number): number =>
  giveVerdicts(workspace, [{ path: 'A/1.jpg', verdict: 'wrong-face', identity: null, face }], 'ada');
const held = (workspace: Workspace) => {
  const { verdict, face } = currentVerdicts(workspace).get('A/1.jpg') ?? {};
  return [verdict, face];
};
const final = (workspace: Workspace) => readPurifiedList(workspace).images[0].final;

describe('the face that a person chose', () => {
  it('keeps its image for review until it was judged, and then the decision counts', () => {
    const workspace = workspaceWithFaces();
    expect(final(workspace)).toBe('drop');
    choose(workspace, 2);
    expect([final(workspace), readPurifiedList(workspace).facesChanged]).toEqual(['review', true]);
    expect(readPurifiedList(workspace).images[0].image.slot).toBe(2);
    judge(workspace, 2);
    expect(final(workspace)).toBe('drop');
  });

  it('stays chosen under another verdict, and undo goes back step by step', () => {
    const workspace = workspaceWithFaces();
    expect(choose(workspace, 1)).toBe(1);
    expect(choose(workspace, 1)).toBe(0);
    giveVerdicts(workspace, [{ path: 'A/1.jpg', verdict: 'keep', identity: null }], 'bob');
    expect(held(workspace)).toEqual(['keep', 1]);
    takeBackLast(workspace, 'bob');
    expect(held(workspace)).toEqual(['wrong-face', 1]);
    takeBackLast(workspace, 'ada');
    expect(held(workspace)).toEqual([undefined, undefined]);
    expect(final(workspace)).toBe('drop');
  });

  it('is that of the person who chose it, whoever speaks of the image later', () => {
    const workspace = workspaceWithFaces();
    choose(workspace, 2);
    judge(workspace, 2);
    giveVerdicts(workspace, [{ path: 'A/1.jpg', verdict: 'keep', identity: null }], 'carol');
    const [image] = readPurifiedList(workspace).images;
    expect(image.verdict).toMatchObject({ reviewer: 'carol', faceBy: 'ada' });
    expect(chosenFaceWords(image)).toBe('face 3 of 3, chosen by ada');
  });

  it('is the one in that place after another ingest, whatever its number; gone, its image goes to review', () => {
    const workspace = workspaceWithFaces();
    choose(workspace, 2);
    foundFaces(workspace, [at(103), at(0)]);
    expect(held(workspace)).toEqual(['wrong-face', 0]);
    foundFaces(workspace, [at(0), at(50)]);
    expect(held(workspace)).toEqual(['wrong-face', null]);
    expect(final(workspace)).toBe('review');
  });
});
