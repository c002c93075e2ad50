import { evidenceLegend } from '../evidence-facts.js';
import { markup } from '../markup.js';
import type { SectionMaker } from './section.js';

/** What the figures below the pictures mean; only where there are some. */
export const legendSection: SectionMaker = ({ galleries }) =>
  galleries.every(({ images }) => images.length === 0)
    ? undefined
    : {
        id: 'evidence',
        title: 'Reading the evidence',
        body: markup`<p class="about">Each of the images that follow comes with its path, the reason in words, and what the reason rests on. Cosines go from −1 to 1, higher is more alike.</p>
<dl class="meanings">${evidenceLegend.map(([name, meaning]) => markup`<div><dt>${name}</dt><dd>${meaning}</dd></div>`)}</dl>`,
      };
