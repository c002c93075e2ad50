import type { Decision, DecisionName } from '../core/records.js';
import type { MergePair } from './merges.js';
import { type LabelProposals, unanswered } from './label-proposals.js';
import type { SplitLabel } from './splits.js';
import { quantity } from '../core/text/quantity.js';

/**
 * Returns decisions as the proposals change them; answered proposals change none.
 *
 * @param decisions (N), in the order of the images
 * @param identities label -> name
 */
export const applyProposals = (
  decisions: readonly Decision[],
  identities: readonly string[],
  { merges, splits }: Pick<LabelProposals, 'merges' | 'splits'>,
): Decision[] => applySplits(applyMerges(decisions, identities, merges), identities, splits);

const leaves = new Set<DecisionName>(['drop', 'relabel']);

/**
 * Images of two names that are one person stay, when nobody but the other name of their own person is nearer than their
 * own: what speaks against them then, neighbours under another name included, is their own person. Only images of the prototype
 * are spared: who else lies under the name may well be noise.
 */
export function applyMerges(
  decisions: readonly Decision[],
  identities: readonly string[],
  merges: readonly MergePair[],
): Decision[] {
  const applied = [...decisions];
  const partners = new Map<number, { own: string; others: string[] }>(); // row -> its name, and its person's other names
  for (const { a, b, prototypes } of unanswered(merges))
    for (const [label, other, prototype] of [
      [a, b, prototypes[0]],
      [b, a, prototypes[1]],
    ] as const)
      for (const image of prototype)
        partners.set(image, {
          own: identities[label],
          others: [...(partners.get(image)?.others ?? []), identities[other]],
        });
  for (const [image, { own, others }] of partners) {
    const decision = decisions[image];
    if (!leaves.has(decision.decision) || otherIdentityIsNearer(decision, others)) continue;
    const reason = `${[own, ...others].join(' and ')} seem to be one person, so that says nothing: ${decision.reason}`;
    applied[image] = { ...decision, decision: 'keep', suggestedIdentity: null, reason };
  }
  return applied;
}

/** Returns whether an identity that is none of `others` is nearer than the image's own. */
function otherIdentityIsNearer({ suggestedIdentity, evidence }: Decision, others: readonly string[]): boolean {
  const { rivalIdentity, rivalCos, cosOwn } = evidence; // two cosines in one space
  const nearest = suggestedIdentity ?? rivalIdentity;
  if (nearest === null || others.includes(nearest)) return false;
  return suggestedIdentity !== null || rivalCos === null || cosOwn === null || rivalCos > cosOwn;
}

const asked = new Set<DecisionName>(['drop', 'review']);

/**
 * Images of a second person under a name are for a person to look at, not noise, and as one question: whether that group is of
 * the name, all under one reason.
 */
export function applySplits(
  decisions: readonly Decision[],
  identities: readonly string[],
  splits: readonly SplitLabel[],
): Decision[] {
  const applied = [...decisions];
  for (const { label, groups } of unanswered(splits))
    groups.slice(1).forEach(({ images, confidence }, i) => {
      const which = groups.length > 2 ? `second person ${i + 1}` : 'a second person';
      for (const image of images.filter((one) => asked.has(decisions[one].decision))) {
        const sure = `${quantity(images.length, 'image')}, confidence ${confidence.toFixed(2)}`;
        const reason = `perhaps ${which} named ${identities[label]} (${sure}): ${decisions[image].reason}`;
        applied[image] = { ...decisions[image], decision: 'review', reason };
      }
    });
  return applied;
}
