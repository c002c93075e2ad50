import { markup, type Markup } from '../markup.js';
import type { Pictures, ReportedImage } from '../report.js';

/** Share of the photograph's longer side that a face's number is high. */
const DIGIT = 1 / 14;

/** The whole photograph of an image with several faces: the judged one framed thick, the others thin, each with its number. */
export function photo({ path, photo: shown }: ReportedImage, pictures: Pictures): Markup | false {
  if (!shown) return false;
  const { width, height, judged, faces } = shown;
  const caption = markup`face ${judged} of ${faces.length} was judged`;
  const picture = pictures.photos.get(path);
  if (!picture) return markup`<p class="which">${caption}</p>`;
  const bytes = Buffer.from(picture).toString('base64');
  const digit = Math.max(width, height) * DIGIT;
  const boxes = faces.map((box, i) => frame(box, i + 1, judged, { width, height, digit }));
  boxes.push(...boxes.splice(judged - 1, 1)); // over the others
  return markup`<figure class="photo"><svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${path}: face ${judged} of ${faces.length} is framed"><title>${path}</title><image width="${width}" height="${height}" preserveAspectRatio="none" href="data:image/jpeg;base64,${bytes}"/>${boxes}</svg><figcaption>${caption}</figcaption></figure>`;
}

type Box = NonNullable<ReportedImage['photo']>['faces'][number];

function frame(
  { left, top, width, height }: Box,
  number: number,
  judged: number,
  photo: { width: number; height: number; digit: number },
): Markup {
  const { digit } = photo;
  const [x, y] = [within(left, photo.width - digit), within(top, photo.height - 1.2 * digit)];
  const line = (name: string): Markup =>
    markup`<rect class="${name}" x="${left}" y="${top}" width="${width}" height="${height}" rx="${digit / 5}"/>`;
  return markup`<g class="${number === judged ? 'box judged' : 'box'}">${line('edge')}${line('line')}<rect class="tag" x="${x}" y="${y}" width="${digit}" height="${1.2 * digit}" rx="${digit / 5}"/><text x="${x + digit / 2}" y="${y + 0.95 * digit}" style="font-size:${digit}px">${number}</text></g>`;
}

const within = (at: number, most: number): number => Math.max(0, Math.min(at, most));
