import type { Report } from '../report.js';
import { trainingHistoryOf } from '../../workspace/runs.js';
import type { Workspace } from '../../workspace/workspace.js';
import type { Lineage } from './lineage.js';

/** How each training went, from its checkpoint; nothing where that is gone, as checkpoints may be. */
export function buildTraining(workspace: Workspace, { train, retrain }: Lineage): Report['training'] {
  const runs = [
    train && { run: train.id, stage: 'train' as const },
    retrain && { run: retrain.id, stage: 'retrain' as const },
  ];
  return runs.flatMap((run) => {
    const history = run ? trainingHistoryOf(workspace, run.run) : [];
    return !run || history.length === 0 ? [] : [{ ...run, epochs: history }];
  });
}
