import type { MergeProposal, SplitProposal } from '../../identities/proposals.js';
import { markup, type Markup } from '../markup.js';
import type { Pictures } from '../report.js';
import { counted, fraction, percent, several } from '../words.js';
import { face, named, strip } from './face.js';
import type { SectionMaker } from './section.js';

const shown = (some: number, total: number, what: string): string =>
  some === total ? several(total, what) : `${counted(some)} of ${counted(total)} shown, the surest first`;

/** One person under two names. */
export const mergesSection: SectionMaker = ({ merges }, pictures) =>
  merges && merges.total > 0
    ? {
        id: 'merges',
        title: 'One person under two names?',
        aside: shown(merges.proposals.length, merges.total, 'proposal'),
        body: markup`<p class="about">Proposed, not done. Each with its most alike pairs.</p>
<div class="cards">${merges.proposals.map((merge) => mergeCard(merge, pictures))}</div>`,
      }
    : undefined;

const mergeCard = (
  { a, b, confidence, cosine, likeness, pairsAboveBar, examples }: MergeProposal,
  pictures: Pictures,
): Markup => markup`<article class="card whole"><h3>${named(a)} <span class="to">= ${named(b)}</span></h3>
<dl class="facts"><div><dt>confidence</dt><dd>${percent(confidence, 0)}</dd></div><div><dt>cosine</dt><dd>${fraction(cosine, 2)}</dd></div><div><dt>similarity</dt><dd>${fraction(likeness, 2)}</dd></div><div><dt>pairs alike</dt><dd>${percent(pairsAboveBar, 0)}</dd></div></dl>
<div class="pairs">${examples.map(
  (pair) => markup`<figure class="pair"><div>${face(pictures, pair.a, 'large')}${face(pictures, pair.b, 'large')}</div>
<figcaption><span class="path">${named(pair.a)}<br>${named(pair.b)}</span> cosine ${fraction(pair.cosine, 2)}</figcaption></figure>`,
)}</div></article>
`;

/** Several people under one name. */
export const splitsSection: SectionMaker = ({ splits }, pictures) =>
  splits && splits.total > 0
    ? {
        id: 'splits',
        title: 'Several people under one name?',
        aside: shown(splits.proposals.length, splits.total, 'proposal'),
        body: markup`<p class="about">Proposed, not done. The first person is whom the name means; images that belong to no person are in no group.</p>
<div class="cards">${splits.proposals.map((split) => splitCard(split, pictures))}</div>`,
      }
    : undefined;

const splitCard = ({ identity, groups }: SplitProposal, pictures: Pictures): Markup =>
  markup`<article class="card whole"><h3>${named(identity)}</h3>
${groups.map(({ images, count, likeness, confidence }, i) =>
  strip(
    pictures,
    i === 0
      ? markup`<b>person 1</b>, ${several(count, 'image')}`
      : markup`<b>person ${i + 1}</b>, ${several(count, 'image')}: another person with ${percent(confidence, 0)} confidence, similarity ${fraction(likeness, 2)}`,
    images,
  ),
)}</article>
`;
