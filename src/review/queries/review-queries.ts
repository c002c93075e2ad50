import { awaitsItsFace, finalOf } from '../../core/decided-image.js';
import { countDecisions, type DecisionName, decisionNames } from '../../core/records.js';
import { shellWord } from '../../core/text/visible-text.js';
import { purifyCommand } from '../../workspace/purify-command.js';
import type { DecisionHead } from '../../workspace/decisions.js';
import { facesOfImage } from '../../workspace/face-boxes.js';
import { countFinal, readPurifiedList } from '../../workspace/purified-list.js';
import type { Workspace } from '../../workspace/workspace.js';
import { FEWEST_PHOTOGRAPHS } from '../drop-clusters.js';
import type {
  IdentitiesAnswer,
  IdentityAnswer,
  NameQuestionAnswer,
  NameQuestionsAnswer,
  NamesAnswer,
  Progress,
  SessionAnswer,
  ShownFace,
} from './api-types.js';
import { describeQuestion, shownAnswer } from './describe-question.js';
import { namesLike } from './names.js';
import { describeNameQuestion } from './describe-names.js';
import { proposalsInWords } from './proposal-words.js';
import { hasOpen, identitiesInOrder, type QuestionFilter, questionsOf } from './question-order.js';
import { freshSurvey, isClosed, type Survey } from './survey.js';
import { type SearchState, StrangerSearch } from './stranger-search.js';
import { looksOf } from './typical-faces.js';

/** Faces shown of the identity, of a rival, and of a name that is typed. */
const [OWN_FACES, RIVAL_FACES, NAME_FACES] = [12, 4, 1];
const NAMES = 12;

function messageOf(search: SearchState): string | undefined {
  if (search.state === 'failed') return search.message;
  if (search.state === 'searching' || search.found.compared >= search.found.photographs) return undefined;
  const { compared, photographs } = search.found;
  return `Of ${photographs} dropped photographs an even sample of ${compared} was compared: sift and come back for more.`;
}

export interface Stretch {
  offset: number;
  limit: number;
}

/** What the review page reads: answers out of the workspace as it is now. */
export class Desk {
  private readonly fresh: () => Survey;
  private readonly search: StrangerSearch;

  constructor(
    private readonly workspace: Workspace,
    readonly reviewer: string,
  ) {
    this.search = new StrangerSearch(workspace.folder);
    this.fresh = freshSurvey(workspace, this.search);
  }

  get survey(): Survey {
    return this.fresh();
  }

  session(): SessionAnswer {
    const { run, version, identityVerdicts } = this.survey;
    const severalPeople = [...identityVerdicts.values()];
    return {
      ...{ reviewer: this.reviewer, run, version, severalPeople },
      ...{ decisions: this.progress(), names: this.nameProgress(), final: this.finalCounts() },
      next: this.next(),
    };
  }

  /** The commands that write the set; where a chosen face was not judged yet, `sift` comes first. */
  private next(): string {
    const { verdicts, byPath } = this.survey;
    const waits = [...verdicts].some(([path, verdict]) => awaitsItsFace(verdict, byPath.get(path)?.face));
    const commands = [...(waits ? ['facesieve sift'] : []), purifyCommand(this.workspace)];
    return commands.map((command) => `${command} -w ${shellWord(this.workspace.folder)}`).join(' && ');
  }

  /** How many faces were found in an image. */
  facesOf(path: string): number {
    return facesOfImage(this.workspace, path).length;
  }

  /** The face of an image that is shown. */
  shown(head: DecisionHead): ShownFace {
    return shownAnswer(this.workspace, this.survey, head);
  }

  /** Without verdicts on names, what was decided and what was said is enough; with them, evidence is read too. */
  private finalCounts(): Record<DecisionName, number> {
    const { heads, verdicts, names } = this.survey;
    if (names.state !== undefined) return countFinal(readPurifiedList(this.workspace).images);
    return countDecisions(heads.map(({ path, decision, face }) => finalOf(verdicts.get(path), decision, face)));
  }

  private nameProgress(): Progress {
    const { nameQuestions } = this.survey;
    return { questions: nameQuestions.length, answered: nameQuestions.filter(({ answer }) => answer !== null).length };
  }

  /** Begins the search for people among the dropped images when it is first asked. */
  nameQuestions(): NameQuestionsAnswer {
    const { version, heads } = this.survey;
    const drops = heads.filter(({ decision }) => decision === 'drop').length;
    const found = this.search.begin(version, drops, FEWEST_PHOTOGRAPHS);
    return {
      search: { state: found.state, message: messageOf(found) },
      items: this.survey.nameQuestions.map(({ key, kind, names, confidence, answer }) => ({
        ...{ key, kind, names, confidence, answer },
      })),
    };
  }

  /** Undefined when there is no such question, as after another sift. */
  nameQuestion(key: string): NameQuestionAnswer | undefined {
    return describeNameQuestion(this.workspace, this.survey, key);
  }

  /** Why a question about names is not there. */
  whyNoQuestion(): string {
    const { state } = this.search.stateOf(this.survey.version) ?? { state: 'searching' };
    return state === 'searching'
      ? 'People are still being looked for among the dropped images.'
      : 'There is no such question about names any more.';
  }

  /** Questions and answers by kind of decision. */
  private progress(): Record<DecisionName, Progress> {
    const { heads, ...survey } = this.survey;
    const counts = Object.fromEntries(decisionNames.map((name) => [name, { questions: 0, answered: 0 }])) as Record<
      DecisionName,
      Progress
    >;
    for (const head of heads) {
      counts[head.decision].questions++;
      if (isClosed(survey, head)) counts[head.decision].answered++;
    }
    return counts;
  }

  identities(filter: QuestionFilter, { offset, limit }: Stretch): IdentitiesAnswer {
    const all = identitiesInOrder(this.survey, filter);
    const listed = filter.open === '1' ? all.filter(hasOpen) : all;
    const sum = (of: 'questions' | 'answered'): number => all.reduce((total, entry) => total + entry[of], 0);
    return {
      questions: sum('questions'),
      answered: sum('answered'),
      total: listed.length,
      items: listed.slice(offset, offset + limit),
    };
  }

  /** One screen; undefined when there is no such name. */
  identity(linked: string, filter: QuestionFilter, { offset, limit }: Stretch): IdentityAnswer | undefined {
    const { workspace, survey } = this;
    const name = survey.names.resolve(linked) ?? linked; // a link may be older than a merge
    const heads = survey.byIdentity.get(name);
    if (!heads) return undefined;
    const looks = looksOf(workspace, survey, name, OWN_FACES);
    const asked = questionsOf(survey, name, filter).filter((head) => filter.open === '0' || !isClosed(survey, head));
    const seen = new Map<string, number[]>();
    const facesOf = (rival: string): number[] => {
      if (!seen.has(rival)) seen.set(rival, looksOf(workspace, survey, rival, RIVAL_FACES).faces);
      return seen.get(rival)!;
    };
    return {
      name,
      images: heads.length,
      ...looks,
      severalPeople: survey.identityVerdicts.get(name) ?? null,
      proposals: proposalsInWords(survey).get(name) ?? [],
      ...this.surroundings(name, filter),
      total: asked.length,
      questions: asked.slice(offset, offset + limit).map((head) => describeQuestion(workspace, survey, head, facesOf)),
    };
  }

  /** The identities before and after, with something to answer. */
  private surroundings(name: string, filter: QuestionFilter) {
    const all = identitiesInOrder(this.survey, filter);
    const wanted = (entry: (typeof all)[number]): boolean => filter.open === '0' || hasOpen(entry);
    const at = all.findIndex((entry) => entry.name === name);
    return {
      place: at < 0 ? null : at + 1,
      places: all.length,
      previous: all.slice(0, Math.max(0, at)).findLast(wanted)?.name ?? null,
      next: all.slice(at + 1).find(wanted)?.name ?? null,
    };
  }

  /**
   * Where to go on: at the identity this reviewer spoke of last when it still has open questions, else at the next one
   * that has, from there on and then from the start. Null when nothing is left.
   */
  resume(filter: QuestionFilter): string | null {
    const { survey, reviewer } = this;
    const all = identitiesInOrder(survey, filter);
    const mine = [...survey.verdicts.values()].filter((verdict) => verdict.reviewer === reviewer);
    const last = mine.reduce((a, b) => (b.givenAt >= (a?.givenAt ?? '') ? b : a), mine.at(0));
    const at = all.findIndex(({ name }) => name === (last && survey.byPath.get(last.path)?.identity));
    const turned = [...all.slice(Math.max(0, at)), ...all.slice(0, Math.max(0, at))];
    return turned.find((entry) => hasOpen(entry) || filter.open === '0')?.name ?? null;
  }

  names(typed: string): NamesAnswer {
    const { workspace, survey } = this;
    return {
      items: namesLike(survey, typed, NAMES).map(({ name, images }) => ({
        ...{ name, images },
        face: looksOf(workspace, survey, name, NAME_FACES).faces[0] ?? null,
      })),
    };
  }
}
