import { EngineError } from '../../core/errors.js';

/** An output of a model as it came for one image. */
export interface TriedOutput {
  name: string;
  /** Sides, the batch first. */
  shape: readonly number[];
}

/** Fewest numbers that an embedding has: norms and qualities have one. */
const FEWEST = 8;
/** Names under which exporters put embeddings. */
const usual = /embed|feature|feat|fc1|^output$|^683$/i;

/** Numbers an image; undefined when the output is no row an image. */
function lengthOf({ shape }: TriedOutput): number | undefined {
  const [batch, length, ...more] = shape;
  return shape.length >= 2 && batch === 1 && more.every((side) => side === 1) ? length : undefined;
}

const shown = ({ name, shape }: TriedOutput): string => `"${name}" (${['N', ...shape.slice(1)].join(' x ')})`;

/**
 * Which of a model's outputs holds the embeddings: the only row of several numbers, or the one that is called so.
 * @param outputs for one image @throws EngineError when none or several can be it
 */
export function embeddingOutput(outputs: readonly TriedOutput[], file: string): string {
  const rows = outputs.filter((output) => (lengthOf(output) ?? 0) >= FEWEST);
  if (rows.length === 1) return rows[0].name;
  const named = rows.filter(({ name }) => usual.test(name));
  if (named.length === 1) return named[0].name;
  const list =
    outputs.slice(0, 6).map(shown).join(', ') + (outputs.length > 6 ? ` and ${outputs.length - 6} more` : '');
  if (rows.length === 0)
    throw new EngineError(
      `"${file}" gives no embedding: its outputs are ${list}; a row of numbers an image was expected.`,
      ['Name the recognition model of the pair: a detector, a landmark or an age model tells nobody apart.'],
    );
  throw new EngineError(`"${file}" gives several rows an image and does not say which is the embedding: ${list}.`, [
    'Cut it to one output: onnx.utils.extract_model(model, cut, [input], [output])',
  ]);
}
