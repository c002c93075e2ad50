import { decisionNames } from '../../core/records.js';
import { markup } from '../markup.js';
import { shareBar } from '../svg/share-bar.js';
import { counted, percent, several } from '../words.js';
import { named } from './face.js';
import type { SectionMaker } from './section.js';

/** Emptied names that are listed. */
const EMPTIED = 40;

/** The identities with the most noise. */
export const identitiesSection: SectionMaker = ({ worst: { total, identities }, kept: { emptied } }) => {
  if (total === 0) return undefined;
  const rows = identities.map(({ identity, images, noise, counts, estimated }) => {
    const parts = decisionNames.map((name) => ({ kind: name, name, count: counts[name] }));
    return markup`<tr><th scope="row">${named(identity)}${shareBar(`Decisions on the images of ${identity}`, parts)}</th>
<td>${counted(images)}</td><td>${counted(noise)}</td><td>${percent(noise / images, 0)}</td><td class="less">${counted(counts.drop)}</td><td class="less">${counted(counts.relabel)}</td><td class="less">${counted(counts.review)}</td><td class="less">${percent(estimated, 0)}</td></tr>`;
  });
  return {
    id: 'identities',
    title: 'Noise by identity',
    aside:
      total === identities.length
        ? several(total, 'identity', 'identities')
        : `the worst ${identities.length} of ${counted(total)} with noise`,
    body: markup`<table class="identities"><thead><tr><th scope="col">identity</th><th scope="col">images</th><th scope="col">wrong</th><th scope="col">share</th><th scope="col" class="less">dropped</th><th scope="col" class="less">relabelled</th><th scope="col" class="less">to review</th><th scope="col" class="less">mean p_noise</th></tr></thead>
<tbody>${rows}</tbody></table>
<p class="note">Ordered by the share that is wrong, with regard to how few images some have (lower bound of Wilson's interval).</p>
${emptied.length > 0 && markup`<p class="note">Nothing is left of ${several(emptied.length, 'name')}: ${emptied.slice(0, EMPTIED).map((name, i) => markup`${i > 0 && ', '}${named(name)}`)}${emptied.length > EMPTIED && ` and ${counted(emptied.length - EMPTIED)} more`}.</p>`}`,
  };
};
