import { markup } from '../markup.js';
import { several } from '../words.js';
import { named } from './face.js';
import type { SectionMaker } from './section.js';

/** What people said of names. */
export const namesSection: SectionMaker = ({ names }) =>
  names.length === 0
    ? undefined
    : {
        id: 'names',
        title: 'What people said of names',
        aside: several(names.length, 'verdict'),
        body: markup`<ul class="files">${names.map(({ says, reviewer, givenAt }) => markup`<li>${named(says)} <span class="path">${named(reviewer)}, ${named(givenAt.slice(0, 10))}</span></li>`)}</ul>`,
      };
