import { markup } from '../markup.js';
import { counted, several } from '../words.js';
import { named } from './face.js';
import type { SectionMaker } from './section.js';

/** What was not used, and why. */
export const skippedSection: SectionMaker = ({ skipped: { total, reasons, examples, noFace, severalFaces } }) => {
  if (total + noFace + severalFaces === 0) return undefined;
  return {
    id: 'skipped',
    title: 'What was not used',
    aside: several(total, 'file'),
    body: markup`${reasons.length > 0 && markup`<table class="reasons"><thead><tr><th scope="col">reason</th><th scope="col">files</th></tr></thead><tbody>${reasons.map(({ reason, count }) => markup`<tr><td>${named(reason)}</td><td>${counted(count)}</td></tr>`)}</tbody></table>`}
${examples.length > 0 && markup`<p class="about">${examples.length === total ? 'By name:' : `${counted(examples.length)} of ${counted(total)} by name:`}</p><ul class="files">${examples.map(({ path, why }) => markup`<li><span class="path">${named(path)}</span> ${named(why)}</li>`)}</ul>`}
${noFace > 0 && markup`<p class="note">In ${several(noFace, 'image')} no face was found: they are used, their middle stands in.</p>`}
${severalFaces > 0 && markup`<p class="note">${several(severalFaces, 'image has', 'images have')} more than one face: the one counts that comes again in the person's other images.</p>`}`,
  };
};
