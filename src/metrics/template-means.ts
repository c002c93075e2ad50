import { mean } from '../core/statistics.js';
import type { Measurable } from './pair-measures.js';
import type { Template } from './pair-set.js';
import { unitMeans } from '../core/unit-means.js';

/**
 * One unit row a template, (T, D): the mean over its media of the mean over each medium's images (IJB's set-based
 * protocol), and the mean length of its images. Images come in as unit rows (N, D).
 */
export function templateMeans({ vectors, norms }: Measurable, templates: readonly Template[]): Measurable {
  const shareOfMedium = templates.map(({ members }) => {
    const sizes = new Map<string, number>();
    for (const { media } of members) sizes.set(media, (sizes.get(media) ?? 0) + 1);
    return members.map(({ media }) => 1 / sizes.get(media)!);
  });
  const rows = templates.map(({ members }) => members.map(({ image }) => image));
  return {
    vectors: unitMeans(vectors, rows, (template, member) => shareOfMedium[template][member]),
    norms: rows.map((images) => mean(images.map((image) => norms[image]))),
  };
}
