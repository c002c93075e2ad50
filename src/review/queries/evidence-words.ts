import { angleDegreesOf } from '../../core/angles.js';
import type { Evidence } from '../../core/records.js';

const degrees = (cosine: number): string => `${angleDegreesOf(cosine).toFixed(0)}°`;
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

/** Embeddings shorter than this share of the usual length: blurred, dark or hidden faces have such. */
const FAINT = 0.8;

/** What the evidence on an image of `identity` says, a sentence a finding, the weightiest first. */
export function evidenceInWords(identity: string, evidence: Evidence): string[] {
  return [
    whoIsNearer(identity, evidence),
    whoIsAround(identity, evidence),
    whichSubcenter(evidence),
    whichFace(evidence),
    howClear(evidence),
  ].filter((sentence) => sentence !== undefined);
}

function whoIsNearer(identity: string, { cosOwn, rivalIdentity, rivalCos }: Evidence): string | undefined {
  if (cosOwn === null) return `It is the only image of ${identity}: there is nothing to compare it with.`;
  if (rivalIdentity === null || rivalCos === null) return `${degrees(cosOwn)} from the other images of ${identity}.`;
  return rivalCos > cosOwn
    ? `Nearer to ${rivalIdentity} (${degrees(rivalCos)}) than to the other images of ${identity} (${degrees(cosOwn)}).`
    : `Nearer to the other images of ${identity} (${degrees(cosOwn)}) than to any other person (${rivalIdentity}, ${degrees(rivalCos)}).`;
}

function whoIsAround(identity: string, evidence: Evidence): string | undefined {
  const { neighbourAgreement, rivalAgreement, rivalIdentity } = evidence;
  if (neighbourAgreement === null) return undefined;
  const own = `${percent(neighbourAgreement)} of the most alike images are called ${identity}`;
  return rivalIdentity === null || !rivalAgreement
    ? `${own}.`
    : `${own}, ${percent(rivalAgreement)} are called ${rivalIdentity}.`;
}

function whichSubcenter({ subcenter, dominantSubcenter, hasDominant }: Evidence): string | undefined {
  if (!hasDominant) return 'No sub-centre holds most of this name’s images: they may show several people.';
  return subcenter === dominantSubcenter ? undefined : 'It lies with the few that training set apart from the rest.';
}

function whichFace({ faces, face, otherFace, faceChosen }: Evidence): string | undefined {
  if (faces === 0) return 'No face was found in it.';
  if (faces === undefined || faces < 2 || face === undefined) return undefined;
  const judged = `${faces} faces are in the photograph; number ${face + 1} was judged`;
  if (faceChosen) return `${judged}, as a person chose it.`;
  return otherFace === undefined ? `${judged}.` : `${judged}, but number ${otherFace + 1} may as well be meant.`;
}

const howClear = ({ quality }: Evidence): string | undefined =>
  quality !== null && quality < FAINT
    ? `Its features are faint (${percent(quality)} of the usual): blurred, dark or hidden faces look like this.`
    : undefined;
