import { markup } from '../markup.js';
import { counted, fraction, several } from '../words.js';
import { face, named, strip } from './face.js';
import type { SectionMaker } from './section.js';

/** What the set shares with the set that it must not overlap. */
export const overlapSection: SectionMaker = ({ overlap, reference }, pictures) => {
  if (!overlap) return undefined;
  const { images, people, shownImages, shownPeople } = overlap;
  const persons = shownPeople.map(
    ({ identity, reference: person, cosine, paths, referencePaths }) =>
      markup`<article class="card whole"><h3>${named(identity)} <span class="to">= ${named(person)}</span></h3><dl class="facts"><div><dt>cosine</dt><dd>${fraction(cosine, 2)}</dd></div></dl>
${strip(pictures, markup`in the set`, paths)}${strip(pictures, markup`in the reference set`, referencePaths)}</article>
`,
  );
  const pictured = shownImages.map(
    ({ path, reference: twin, same }) =>
      markup`<article class="card whole"><figure class="pair"><div>${face(pictures, path, 'large')}${face(pictures, twin, 'large')}</div>
<figcaption><span class="path">${named(path)}<br>${named(twin)}</span> the same ${same}</figcaption></figure></article>
`,
  );
  const some = (shown: number, total: number): string =>
    shown === total ? '' : ` ${counted(shown)} of ${counted(total)} shown.`;
  return {
    id: 'overlap',
    title: 'Overlap with the reference set',
    aside: `${several(people, 'person', 'people')}, ${several(images, 'image')}`,
    body: markup`<p class="about">Reference set: ${named(reference ?? 'not known')}. ${people + images === 0 ? 'Nothing of it was found in this set.' : 'People and images in both sets make a test on the reference set too optimistic.'}</p>
${people > 0 && markup`<h3 class="sub">The same people</h3><p class="about">${some(shownPeople.length, people)}</p><div class="cards">${persons}</div>`}
${images > 0 && markup`<h3 class="sub">The same images</h3><p class="about">${some(shownImages.length, images)}</p><div class="cards tight">${pictured}</div>`}`,
  };
};
