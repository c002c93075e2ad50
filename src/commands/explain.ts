import { Args, Flags } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand } from '../cli/base-command.js';
import { inWords } from '../identities/names/name-verdict-words.js';
import { givenNameVerdictSchema } from '../identities/names/name-verdicts.js';
import { decisionSchema, identityVerdictSchema, verdictSchema } from '../core/records.js';
import { chosenFaceWords, finalOf, isDecisive } from '../core/decided-image.js';
import { evidenceInWords } from '../review/queries/evidence-words.js';
import { explain, type Explanation } from '../review/queries/explain.js';

const known = <T extends z.ZodType>(type: T) => type.nullable();
const sameAsSchema = z.array(z.object({ path: z.string(), identity: z.string() }));
export const explainSchema = z.object({
  image: z.string(),
  identity: z.string(),
  decision: decisionSchema,
  reason: z.string(),
  suggestedIdentity: known(z.string()),
  pNoise: known(z.number()),
  signals: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null(), sameAsSchema])),
  picture: known(
    z.object({
      sharpness: z.number(),
      brightness: z.number(),
      contrast: z.number(),
      face: z
        .object({
          ...{ left: z.number(), top: z.number(), width: z.number(), height: z.number() },
          ...{ score: z.number(), roll: z.number(), yaw: z.number() },
        })
        .optional(),
    }),
  ),
  faces: z.array(z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() })),
  verdict: known(
    z.object({
      path: z.string(),
      verdict: verdictSchema,
      identity: known(z.string()),
      face: known(z.number().int()),
      reviewer: z.string(),
      faceBy: z.string().optional(),
      givenAt: z.string(),
    }),
  ),
  name: z.string(),
  finalIdentity: known(z.string()),
  nameVerdicts: z.array(givenNameVerdictSchema),
  identityVerdict: known(identityVerdictSchema),
  run: z.string(),
});

/** What the figures of --verbose are measured in, where their names do not say it. */
const units: Record<string, string> = {
  pNoise: 'probability, 1 = certainly noise',
  ...{ cosOwn: 'cosine', cosDominant: 'cosine', cosAssigned: 'cosine', rivalCos: 'cosine', trainingMargin: 'cosine' },
  ...{ dominantShare: "share of the identity's images", neighbourAgreement: 'share of the nearest images' },
  rivalAgreement: 'share of the nearest images',
  quality: "of the median embedding's length",
  face: 'number of the judged face, from 0',
  sharpness: 'variance of the Laplacian, low = blurred',
  ...{ brightness: 'mean grey level, 0 to 255', contrast: 'standard deviation of grey levels' },
  ...{ left: 'pixels', top: 'pixels', width: 'pixels', height: 'pixels', roll: 'degrees', yaw: 'degrees' },
  score: "the detector's, 0 to 1",
};

function valueInWords(value: z.infer<typeof explainSchema>['signals'][string]): string {
  if (Array.isArray(value)) return value.map(({ path, identity }) => `${path} (${identity})`).join(', ');
  return typeof value === 'number' ? String(Number(value.toFixed(4))) : String(value ?? 'not known');
}

/** Every figure with its unit, a line each. */
function figures({ pNoise, signals, picture }: Explanation): string[] {
  const { face, ...crop } = picture ?? {};
  return Object.entries({ pNoise, ...signals, ...crop, ...face }).map(([name, value]) =>
    `${name.padEnd(20)} ${valueInWords(value).padEnd(10)} ${units[name] ?? ''}`.trimEnd(),
  );
}

/** Which face was judged and where it is; of several faces where the others are, and which of them a person chose. */
function facesInWords({ signals, verdict, faces }: Explanation): string[] {
  const box = (at: number): string => {
    const { left, top, width, height } = faces[at];
    return `box ${left},${top},${width},${height}`;
  };
  const judged = signals.face;
  if (judged === undefined || faces[judged] === undefined) return [];
  const others = [...faces.keys()].filter((face) => face !== judged);
  const chosen = chosenFaceWords({ verdict, evidence: signals });
  return [
    `face ${judged + 1} of ${faces.length} was judged (${box(judged)})`,
    ...others.map((face) => `face ${face + 1} was not (${box(face)})`),
    ...(chosen === undefined ? [] : [chosen]),
  ];
}

export default class Explain extends BaseCommand<typeof Explain> {
  static override resultSchema = explainSchema;
  static override summary = 'Say why an image got its decision.';
  static override args = {
    image: Args.string({
      description: 'path of the image, relative to the source or absolute, or its file name alone',
      required: true,
    }),
  };
  static override flags = { verbose: Flags.boolean({ summary: 'Print every figure of the evidence, with its unit.' }) };
  static override examples = [
    '<%= config.bin %> <%= command.id %> "Ada Lovelace/003.jpg"',
    '<%= config.bin %> <%= command.id %> 003.jpg --verbose',
  ];

  async run(): Promise<z.infer<typeof explainSchema>> {
    const result = await this.asReader((workspace) => explain(workspace, this.args.image));
    const { verdict: given, decision, signals } = result;
    this.log(
      `${result.image}: ${isDecisive(given) ? `${given.verdict} (verdict of ${given.reviewer})` : finalOf(given, decision, signals.face)}`,
    );
    this.log(`  ${result.reason}`);
    const faces = signals.faces === 0 ? 0 : undefined; // the judged one of several has lines of its own
    for (const sentence of evidenceInWords(result.name, { ...signals, faces })) this.log(`  ${sentence}`);
    for (const line of facesInWords(result)) this.log(`  ${line}`);
    for (const { verdict, reviewer } of result.nameVerdicts) this.log(`  ${inWords(verdict)} (verdict of ${reviewer})`);
    if (result.finalIdentity !== null && result.finalIdentity !== result.identity)
      this.log(`  found under ${result.identity}, in the purified set under ${result.finalIdentity}`);
    if (result.identityVerdict)
      this.log(`  several people are called ${result.identity} (verdict of ${result.identityVerdict.reviewer})`);
    for (const line of this.flags.verbose ? figures(result) : []) this.log(`  ${line}`);
    return { ...result, signals: { ...result.signals } };
  }
}
