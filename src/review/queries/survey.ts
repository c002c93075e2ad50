import type { IdentityVerdict } from '../../core/records.js';
import type { EffectiveNames } from '../../identities/names/effective-names.js';
import type { NamesSince } from '../../identities/names/names-since.js';
import { fingerprint } from '../../core/fingerprint.js';
import { type DecisionHead, decisionHeads } from '../../workspace/decisions.js';
import { currentIdentityVerdicts } from '../../workspace/identity-verdicts.js';
import { effectiveNames, namesSince } from '../../workspace/effective-names.js';
import { countNameVerdicts } from '../../workspace/name-verdicts.js';
import { readProposals } from '../../workspace/proposals.js';
import { chooseRun, type Run } from '../../workspace/runs.js';
import { currentStamp } from '../../workspace/stage.js';
import { type GivenVerdict, isAnswered } from '../../core/decided-image.js';
import { countSaid, currentVerdicts } from '../../workspace/verdicts.js';
import type { Workspace } from '../../workspace/workspace.js';
import { FEWEST_PHOTOGRAPHS } from '../drop-clusters.js';
import { type SaidOfDrops, strangersOf } from '../strangers.js';
import { type NameQuestion, nameQuestions, strangerQuestions } from './name-questions.js';
import type { SearchState, StrangerSearch } from './stranger-search.js';

/** What was decided of all images and what people said: all of it that is needed to put questions in order. */
export interface Survey {
  run: string;
  /** Names this state of images and decisions. */
  version: string;
  heads: DecisionHead[]; // by path
  byId: ReadonlyMap<number, DecisionHead>;
  byPath: ReadonlyMap<string, DecisionHead>;
  byIdentity: ReadonlyMap<string, DecisionHead[]>;
  /** Images with their names as found; everything else has the names of now. */
  found: readonly { path: string; identity: string }[];
  names: EffectiveNames;
  since: NamesSince;
  /** Proposals of the run as questions, the surest first; then people among its dropped images, as soon as they are found. */
  nameQuestions: readonly NameQuestion[];
  verdicts: ReadonlyMap<string, GivenVerdict>; // by path
  identityVerdicts: ReadonlyMap<string, IdentityVerdict>; // by name
}

/** The face of an image that is shown: the one that a person chose, else the one that was judged. */
export const shownFace = ({ verdicts }: Pick<Survey, 'verdicts'>, { path, face }: DecisionHead): number =>
  verdicts.get(path)?.face ?? face ?? 0;

/** Whether nothing is left to ask of `head` until the next sift. */
export const isClosed = ({ verdicts }: Pick<Survey, 'verdicts'>, { path, face }: DecisionHead): boolean =>
  isAnswered(verdicts.get(path), face);

type Decided = Pick<Survey, 'run' | 'version'> & { of: Run; found: DecisionHead[] };
type Named = Pick<Survey, 'heads' | 'byId' | 'byPath' | 'byIdentity' | 'names' | 'since' | 'nameQuestions'>;
type Said = Pick<Survey, 'verdicts' | 'identityVerdicts'>;

/**
 * A survey that is read again when another command has ingested, sifted or taken verdicts meanwhile.
 * @throws MissingStageError when nothing was sifted yet
 */
export function freshSurvey(workspace: Workspace, search: StrangerSearch): () => Survey {
  const decided = kept(
    () => [currentStamp(workspace, 'ingest'), currentStamp(workspace, 'sift')].join(' '),
    (stamp) => readDecided(workspace, stamp),
  );
  const named = kept(
    () => `${decided().version} ${countNameVerdicts(workspace)}`,
    () => readNamed(workspace, decided()),
  );
  const said = kept(
    () => String(countSaid(workspace)),
    () => readSaid(workspace),
  );
  const strangers = kept(
    () =>
      `${decided().version} ${countNameVerdicts(workspace)} ${countSaid(workspace)} ${search.stateOf(decided().version)?.state}`,
    () => readStrangers(search.stateOf(decided().version), { ...named(), ...said() }),
  );
  return () => {
    const { nameQuestions, ...rest } = named();
    return { ...decided(), ...rest, ...said(), nameQuestions: [...nameQuestions, ...strangers()] };
  };
}

/** What `read` gives, read again only when `stampOf` gives something else. */
function kept<T>(stampOf: () => string, read: (stamp: string) => T): () => T {
  let last: { stamp: string; value: T } | undefined;
  return () => {
    const stamp = stampOf();
    if (last?.stamp !== stamp) last = { stamp, value: read(stamp) };
    return last.value;
  };
}

const readStrangers = (search: SearchState | null, said: SaidOfDrops): NameQuestion[] =>
  search?.state === 'found' ? strangerQuestions(strangersOf(search.found.clusters, said, FEWEST_PHOTOGRAPHS)) : [];

const readSaid = (workspace: Workspace): Said => ({
  verdicts: currentVerdicts(workspace),
  identityVerdicts: currentIdentityVerdicts(workspace),
});

function readDecided(workspace: Workspace, stamp: string): Decided {
  const of = chooseRun(workspace, undefined, 'sift');
  return { of, run: of.id, version: fingerprint(stamp), found: decisionHeads(workspace, of.id) };
}

function readNamed(workspace: Workspace, { of, found }: Decided): Named {
  const names = effectiveNames(workspace, found);
  const since = namesSince(names, of);
  const heads =
    names.state === undefined ? found : found.map((head) => ({ ...head, identity: names.nameOf(head.path) }));
  const byIdentity = new Map<string, DecisionHead[]>();
  for (const head of heads) {
    const others = byIdentity.get(head.identity);
    if (others) others.push(head);
    else byIdentity.set(head.identity, [head]);
  }
  return {
    ...{ heads, byIdentity, names, since },
    byId: new Map(heads.map((head) => [head.id, head])),
    byPath: new Map(heads.map((head) => [head.path, head])),
    nameQuestions: nameQuestions({ names, since }, readProposals(workspace, of.id)),
  };
}
