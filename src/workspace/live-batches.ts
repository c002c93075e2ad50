/** A row of verdicts: what is said in `batch`, or that the batch `undoes` is taken back. */
interface Batched {
  batch: number;
  undoes: number | null;
}

/** Rows that were not taken back, without those that only take something back. An undo can be undone itself. */
export function liveRows<R extends Batched>(rows: readonly R[]): R[] {
  const undone = new Set<number>();
  for (const { batch, undoes } of rows.toReversed()) if (undoes !== null && !undone.has(batch)) undone.add(undoes);
  return rows.filter(({ batch, undoes }) => undoes === null && !undone.has(batch));
}
