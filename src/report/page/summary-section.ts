import { decisionNames } from '../../core/records.js';
import { markup } from '../markup.js';
import { headline } from '../sentences.js';
import { shareBar } from '../svg/share-bar.js';
import { counted, decisionWords, percent } from '../words.js';
import type { SectionMaker } from './section.js';

/** Five numbers, and what became of the images. */
export const summarySection: SectionMaker = (report) => {
  const { images, decisions, notes } = report;
  const parts = decisionNames.map((name) => ({ kind: name, name, count: decisions[name] }));
  return {
    id: 'summary',
    title: 'What was found',
    body: markup`${notes.length > 0 && markup`<ul class="notes">${notes.map((note) => markup`<li>${note}</li>`)}</ul>`}
<ul class="tiles">${headline(report).map(({ figure, what, more }) => markup`<li><strong>${figure}</strong> <span>${what}</span> <small>${more}</small></li>`)}</ul>
${images > 0 && shareBar('Decisions on the images', parts)}
<ul class="legend">${parts.map(
      ({ kind, name, count }) =>
        markup`<li><i class="swatch ${kind}"></i><b>${name}</b> ${counted(count)} <span>(${percent(images === 0 ? 0 : count / images)})</span> <small>${decisionWords[kind].means}</small></li>`,
    )}</ul>`,
  };
};
