import { markup } from '../markup.js';
import { cutWords, expectedWords, partsWords } from '../sentences.js';
import { responsive } from '../svg/drawing.js';
import { histogram } from '../svg/histogram.js';
import { percent, several } from '../words.js';
import type { SectionMaker } from './section.js';

/** How far the images lie from where they should, which of them are noise, and how sure that is. */
export const anglesSection: SectionMaker = (report) => {
  const { angles, noiseRate, rule } = report;
  if (!angles) return undefined;
  const description = `${partsWords(angles)} ${cutWords(rule, angles)}`;
  const title = 'Images by their angle to the dominant sub-centre';
  const chart = (width: number, suffix: string) =>
    histogram({ id: `angles-${suffix}`, width, height: width < 500 ? 280 : 330, angles, title, description });
  const expected = expectedWords(report);
  return {
    id: 'noise',
    title: 'How much is noise',
    aside: several(angles.images, 'image'),
    body: markup`<p class="lead">${noiseRate ? markup`An estimated <b>${percent(noiseRate.estimate)}</b> of the images are noise: between ${percent(noiseRate.low)} and ${percent(noiseRate.high)} in about 95 of 100 resamples of the set. ` : 'No noise rate was estimated. '}${expected}</p>
<figure class="chart">${responsive(1060, 350, chart)}
<figcaption><ul class="legend short"><li><i class="swatch clean"></i>estimated clean (genuine)</li><li><i class="swatch noise"></i>estimated noise (impostor)</li></ul>
<p>${partsWords(angles)} ${cutWords(rule, angles)}</p></figcaption></figure>`,
  };
};
