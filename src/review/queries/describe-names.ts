import type { DecisionHead } from '../../workspace/decisions.js';
import { slotOfFace } from '../../workspace/images.js';
import type { Workspace } from '../../workspace/workspace.js';
import type { FaceAnswer, NameQuestionAnswer } from './api-types.js';
import type { Stranger } from '../strangers.js';
import { sidesOf } from './stranger-questions.js';
import { dividedAs, type NameQuestion, namesBefore } from './name-questions.js';
import { shownFace, type Survey } from './survey.js';

/** Faces shown of a name or a person. */
const FACES = 24;

/** A question about names with the faces that a person needs to answer it. */
export function describeNameQuestion(
  workspace: Workspace,
  survey: Survey,
  key: string,
): NameQuestionAnswer | undefined {
  const { nameQuestions } = survey;
  const at = nameQuestions.findIndex((one) => one.key === key);
  if (at < 0) return undefined;
  const asked = nameQuestions[at];
  const { kind, names, confidence, answer, given } = asked;
  const proposal = asked.kind === 'merge' ? asked.merge : asked.kind === 'split' ? asked.split : undefined;
  return {
    ...{ key, kind, names, confidence, answer },
    groups: groupsOf(),
    ...aboutDrops(),
    pairs: (proposal?.examples ?? []).flatMap(({ a, b, cosine }) => {
      const [one, other] = facesOf([a, b]);
      return one && other ? { a: one, b: other, cosine } : [];
    }),
    given: given && { reviewer: given.reviewer, givenAt: given.givenAt },
    place: at + 1,
    places: nameQuestions.length,
    previous: nameQuestions[at - 1]?.key ?? null,
    next: nameQuestions[at + 1]?.key ?? null,
  };

  function groupsOf(): NameQuestionAnswer['groups'] {
    if (asked.kind === 'merge') {
      const before = namesBefore(survey.found, survey.names, asked);
      return [asked.merge.a, asked.merge.b].map((name, i) => {
        const was = before.resolve(name);
        const paths = survey.found.flatMap(({ path }) => (before.nameOf(path) === was ? path : []));
        return { name: names[i], images: paths.length, faces: facesOf(likeliestFirst(survey, paths).slice(0, FACES)) };
      });
    }
    if (asked.kind === 'stranger' || asked.kind === 'known')
      return sidesOf(asked.stranger).map((paths, i) => ({
        ...{ name: i === 0 ? 'Dropped images' : 'Taken out', images: paths.length, faces: facesOf(paths) },
      }));
    const called = partNames(survey, asked);
    // Every face of a division can be moved, so all of them are there.
    return dividedAs(asked).map((paths, i) => ({
      ...{ name: called[i] ?? `${names[0]}~${i + 1}`, images: paths.length, faces: facesOf(paths) },
    }));
  }

  function aboutDrops(): Pick<NameQuestionAnswer, 'foundUnder' | 'person'> {
    if (asked.kind !== 'stranger' && asked.kind !== 'known') return { foundUnder: [], person: null };
    const likely = likenessesOf(survey, asked.stranger);
    const person = { name: names[0], images: likely.length, faces: facesOf(likely.slice(0, FACES)) };
    return { foundUnder: foundUnder(survey, asked.stranger), person: asked.kind === 'known' ? person : null };
  }

  function facesOf(paths: readonly string[]): FaceAnswer[] {
    return paths.flatMap((path) => faceIn(workspace, survey, path) ?? []);
  }
}

function faceIn(workspace: Workspace, survey: Survey, path: string): FaceAnswer | undefined {
  const head = survey.byPath.get(path);
  if (!head) return undefined;
  return { id: head.id, path, face: slotOfFace(workspace, head.id, shownFace(survey, head)) };
}

/** What the people of a split are called, or would be. */
function partNames({ names }: Survey, { given, names: [name] }: NameQuestion): (string | undefined)[] {
  if (given?.verdict.kind !== 'split') return [name];
  return given.verdict.parts.map((part) => names.resolve(part.name) ?? part.name ?? undefined);
}

const likeliestFirst = ({ byPath }: Survey, paths: readonly string[]): string[] => {
  const heads = paths.flatMap((path) => byPath.get(path) ?? []);
  return heads
    .sort((a: DecisionHead, b: DecisionHead) => (a.pNoise ?? 0.5) - (b.pNoise ?? 0.5))
    .map(({ path }) => path);
};

/** Names that dropped images were found under, sorted. */
const foundUnder = ({ names }: Survey, { all }: Stranger): string[] =>
  [...new Set(all.flatMap((path) => names.foundName(path) ?? []))].sort();

/** Images that show how somebody looks whom dropped images may show, without these; the likeliest first. */
const likenessesOf = (survey: Survey, { name, all }: Stranger): string[] =>
  likeliestFirst(
    survey,
    (survey.byIdentity.get(name) ?? []).flatMap(({ path, decision }) =>
      all.includes(path) || decision === 'drop' ? [] : path,
    ),
  );
