/**
 * Sub-centres that identities of this size can feed: K asked for, but one for each `imagesPerSubcenter` images of the
 * identity that a typical image belongs to. With some ten images an identity, three sub-centres give its noise a home.
 * @param labels (N) @param imagesPerSubcenter 0 = K as it is asked for
 */
export function subcentersBySize(labels: Int32Array, asked: number, imagesPerSubcenter: number): number {
  if (imagesPerSubcenter === 0 || labels.length === 0) return asked;
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const sizes = Int32Array.from(labels, (label) => counts.get(label)!).sort();
  const typical = sizes[Math.floor(sizes.length / 2)];
  return Math.max(1, Math.min(asked, Math.floor(typical / imagesPerSubcenter)));
}
