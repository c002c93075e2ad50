import { fingerprint } from '../core/fingerprint.js';
import type { StageContext } from './stage.js';
import { readFact, writeFact } from './workspace.js';

/** Notes `text` unless that was noted in this workspace before. */
export function sayOnce({ workspace, progress }: Pick<StageContext, 'workspace' | 'progress'>, text?: string): void {
  if (text === undefined) return;
  const said = `said:${fingerprint(text)}`;
  if (readFact(workspace, said) !== undefined) return;
  progress.note(text);
  writeFact(workspace, said, text);
}
