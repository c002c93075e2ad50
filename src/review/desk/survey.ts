import type { IdentityVerdict } from '../../core/records.js';
import { fingerprint } from '../../core/fingerprint.js';
import { type DecisionHead, decisionHeads } from '../../store/decisions.js';
import { currentIdentityVerdicts } from '../../store/identity-verdicts.js';
import { chooseRun } from '../../store/runs.js';
import { currentStamp } from '../../store/stages.js';
import { countSaid, currentVerdicts, type GivenVerdict } from '../../store/verdicts.js';
import type { Workspace } from '../../store/workspace.js';

/** What was decided of all images and what people said: all of it that is needed to put questions in order. */
export interface Survey {
  run: string;
  /** Names this state of images and decisions. */
  version: string;
  heads: DecisionHead[]; // by path
  byId: ReadonlyMap<number, DecisionHead>;
  byPath: ReadonlyMap<string, DecisionHead>;
  byIdentity: ReadonlyMap<string, DecisionHead[]>;
  verdicts: ReadonlyMap<string, GivenVerdict>; // by path
  identityVerdicts: ReadonlyMap<string, IdentityVerdict>; // by name
}

/**
 * A survey that is read again when another command has ingested, sifted or taken verdicts meanwhile.
 * @throws MissingStageError when nothing was sifted yet
 */
export function freshSurvey(workspace: Workspace): () => Survey {
  let survey: Survey | undefined;
  let [stamp, said] = ['', -1];
  return () => {
    const stampNow = [currentStamp(workspace, 'ingest'), currentStamp(workspace, 'sift')].join(' ');
    if (!survey || stampNow !== stamp) {
      survey = { ...readDecided(workspace, stampNow), ...readSaid(workspace) };
      [stamp, said] = [stampNow, countSaid(workspace)];
    } else if (countSaid(workspace) !== said) {
      survey = { ...survey, ...readSaid(workspace) };
      said = countSaid(workspace);
    }
    return survey;
  };
}

const readSaid = (workspace: Workspace): Pick<Survey, 'verdicts' | 'identityVerdicts'> => ({
  verdicts: currentVerdicts(workspace),
  identityVerdicts: currentIdentityVerdicts(workspace),
});

function readDecided(workspace: Workspace, stamp: string): Omit<Survey, 'verdicts' | 'identityVerdicts'> {
  const run = chooseRun(workspace, undefined, 'sift').id;
  const heads = decisionHeads(workspace, run);
  const byIdentity = new Map<string, DecisionHead[]>();
  for (const head of heads) {
    const others = byIdentity.get(head.identity);
    if (others) others.push(head);
    else byIdentity.set(head.identity, [head]);
  }
  return {
    run,
    version: fingerprint(stamp),
    heads,
    byId: new Map(heads.map((head) => [head.id, head])),
    byPath: new Map(heads.map((head) => [head.path, head])),
    byIdentity,
  };
}
