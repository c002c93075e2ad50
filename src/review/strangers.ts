import type { EffectiveNames } from '../identities/names/effective-names.js';
import { clusterQuestion, type GivenNameVerdict, questionOf } from '../identities/names/name-verdicts.js';
import type { NamesSince } from '../identities/names/names-since.js';
import type { DropCluster } from './drop-clusters.js';

/** What people said, as far as clusters of dropped images are concerned. */
export interface SaidOfDrops {
  names: EffectiveNames;
  since: NamesSince;
  /** Paths of images with a verdict of their own. */
  verdicts: { has(path: string): boolean };
}

/** A cluster of dropped images with what people said of it. */
export interface Stranger {
  /** Whether it seems to be somebody who has a name. */
  isKnown: boolean;
  /** The name they would get, or have got. */
  name: string;
  confidence: number;
  /** Paths of all its images, sorted. */
  all: string[];
  /** Of those, the ones that have no verdict of their own. */
  images: string[];
  /** See {@link questionOf}. */
  question: string;
  given: GivenNameVerdict | null;
  answer: 'one-person' | 'different' | null;
}

/**
 * Clusters as people have left them, in the same order. One that verdicts on images have left fewer than `least`
 * photographs is left out, unless it was answered. Each unknown person has a number, answered or not: names do not move
 * up when others are answered.
 */
export function strangersOf(
  clusters: readonly DropCluster[],
  { names, since, verdicts }: SaidOfDrops,
  least: number,
): Stranger[] {
  const givenTo = new Map(names.verdicts.map((one) => [questionOf(one.verdict), one]));
  const numbers = unknownNames();
  return clusters.flatMap((cluster): Stranger[] => {
    const all = cluster.photographs.flat().sort();
    const images = all.filter((path) => !verdicts.has(path));
    const question = clusterQuestion(all);
    const given = givenTo.get(question) ?? null;
    const answer = given ? answerOf(given) : since.answerToCluster(all);
    const left = cluster.photographs.filter((copies) => copies.some((path) => !verdicts.has(path))).length;
    if (answer === null && left < least) return [];
    const known = cluster.known === null ? undefined : since.called(cluster.known);
    const proposed = known ?? numbers.next(given);
    const name = answer === 'one-person' ? calledNow(given, images, proposed) : proposed;
    return [
      { isKnown: known !== undefined, name, confidence: cluster.confidence, all, images, question, given, answer },
    ];
  });

  function calledNow(given: GivenNameVerdict | null, images: readonly string[], proposed: string): string {
    const said = given?.verdict.kind === 'discover' || given?.verdict.kind === 'assign' ? given.verdict.images : images;
    return said.map((path) => names.nameOf(path)).find((name) => name !== '') ?? proposed;
  }

  /** unknown-001, unknown-002, ... as far as no image has such a name, other than by the answer to this very cluster. */
  function unknownNames() {
    let number = 0;
    return {
      next(given: GivenNameVerdict | null): string {
        for (;;) {
          const name = `unknown-${String(++number).padStart(3, '0')}`;
          const isOwn = given?.verdict.kind === 'discover' && given.verdict.name === name;
          if (isOwn || names.resolve(name) === undefined) return name;
        }
      },
    };
  }
}

const answerOf = ({ verdict }: GivenNameVerdict): Stranger['answer'] =>
  verdict.kind === 'unrelated' ? 'different' : 'one-person';
