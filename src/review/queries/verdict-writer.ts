import { WorkspaceBusyError } from '../../core/errors.js';
import type { NameVerdict } from '../../identities/names/name-verdicts.js';
import type { VerdictName } from '../../core/records.js';
import { giveIdentityVerdict, type IdentityVerdictName } from '../../workspace/identity-verdicts.js';
import { giveNameVerdicts } from '../../workspace/name-verdicts.js';
import { type TakenBack, takeBackLast } from '../../workspace/undo.js';
import { giveVerdicts } from '../../workspace/verdicts.js';
import { refuseHalfForgotten } from '../../workspace/erase/tombstones.js';
import { openWorkspace, type Workspace } from '../../workspace/workspace.js';

/** How long a verdict waits for another writer before the page is told to try again. */
const PATIENCE_MS = 1000;
const BETWEEN_TRIES_MS = 50;

/**
 * Stores what people say. The workspace is held for one verdict at a time only, some milliseconds, so that other commands
 * run while a person thinks; while one of them runs, nothing can be stored.
 */
export class AnswerDesk {
  constructor(
    private readonly folder: string,
    private readonly reviewer: string,
  ) {}

  /** @param face the chosen one, from 0; the choice stays where none is given @throws WorkspaceBusyError */
  answer(path: string, verdict: VerdictName, identity: string | null, face: number | undefined): Promise<number> {
    return this.asWriter((workspace) => giveVerdicts(workspace, [{ path, verdict, identity, face }], this.reviewer));
  }

  /** @throws WorkspaceBusyError */
  answerIdentity(identity: string, verdict: IdentityVerdictName | null): Promise<boolean> {
    return this.asWriter((workspace) => giveIdentityVerdict(workspace, identity, verdict, this.reviewer));
  }

  /** Answers a question about names. @throws WorkspaceBusyError, NameConflictError, ConfigError */
  answerNames(verdict: NameVerdict): Promise<number> {
    return this.asWriter((workspace) => giveNameVerdicts(workspace, [verdict], this.reviewer));
  }

  /** @param most see takeBackLast @throws WorkspaceBusyError */
  takeBack(most: number): Promise<TakenBack | null> {
    return this.asWriter((workspace) => takeBackLast(workspace, this.reviewer, { most }));
  }

  private async asWriter<R>(work: (workspace: Workspace) => R): Promise<R> {
    const workspace = await this.open();
    try {
      refuseHalfForgotten(workspace);
      return work(workspace);
    } finally {
      workspace.close();
    }
  }

  private async open(): Promise<Workspace> {
    const until = performance.now() + PATIENCE_MS;
    for (;;)
      try {
        return openWorkspace(this.folder, false);
      } catch (error) {
        if (!(error instanceof WorkspaceBusyError) || performance.now() > until) throw error;
        await new Promise((done) => setTimeout(done, BETWEEN_TRIES_MS));
      }
  }
}
