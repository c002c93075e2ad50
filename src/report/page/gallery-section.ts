import { evidenceFacts } from '../evidence-facts.js';
import { markup, type Markup } from '../markup.js';
import type { GalleryKind, Pictures, ReportedImage } from '../report.js';
import { galleryWords, moment, shownWords } from '../words.js';
import { face, named, strip } from './face.js';
import { photo } from './photo.js';
import type { SectionMaker } from './section.js';

/** The images of one decision, each with its reason, its evidence and what to hold it against. */
export const gallerySection =
  (kind: GalleryKind): SectionMaker =>
  ({ galleries }, pictures) => {
    const gallery = galleries.find((one) => one.kind === kind);
    if (!gallery || gallery.total === 0) return undefined;
    const { images, total } = gallery;
    const { title, about, order } = galleryWords[kind];
    return {
      id: kind,
      title,
      aside: shownWords(images.length, total, order),
      body: markup`<p class="about">${about}</p>
<div class="cards">${images.map((image) => card(image, pictures))}</div>`,
    };
  };

function card(image: ReportedImage, pictures: Pictures): Markup {
  const { path, identity, suggestedIdentity, reason, verdict } = image;
  return markup`<article class="card">${face(pictures, path, 'large')}<div class="told">
<h3>${named(identity)}${suggestedIdentity !== null && markup` <span class="to">→ ${named(suggestedIdentity)}</span>`}</h3>
<p class="path">${named(path)}</p>
${verdict && markup`<p class="verdict">verdict of ${named(verdict.reviewer)}, ${moment(verdict.givenAt)}</p>`}
<p class="reason">${named(reason)}</p>
<dl class="facts">${evidenceFacts(image).map(([name, value]) => markup`<div><dt>${name}</dt><dd>${named(value)}</dd></div>`)}</dl>
</div>${photo(image, pictures)}${beside(image, pictures)}</article>
`;
}

function beside({ beside }: ReportedImage, pictures: Pictures): Markup | false {
  if (!beside) return false;
  const caption =
    beside.what === 'copied' ? markup`stays: ${named(beside.paths[0])}` : markup`typical of ${named(beside.identity)}`;
  return strip(pictures, caption, beside.paths);
}
