import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import { FormatError } from '../../core/errors.js';
import { verdictNames } from '../../core/records.js';
import { UNANSWERED } from './answer-labels.js';
import type { Answer, ExportedDecision } from './format.js';
import { givenVerdictOf, type Suggestion, suggestionOf } from './suggestion.js';
import { partParser } from './parse-part.js';

const parsed = partParser('CVAT', 'Export as "CVAT for images 1.1".');

/** Attribute of a `relabel` tag: whom the image belongs to. */
const IDENTITY = 'identity';

/** Attribute of every tag: the number of the face that it is about. Empty unless a person fills it in. */
const FACE = 'face';

const textAttribute = (name: string) => ({ name, mutable: false, input_type: 'text', default_value: '', values: [''] });

/** Labels as CVAT's constructor takes them ("Raw"). */
export const cvatLabels = verdictNames.map((name) => ({
  name,
  type: 'tag',
  attributes: [...(name === 'relabel' ? [textAttribute(IDENTITY)] : []), textAttribute(FACE)],
}));

/** Our guess carries another source than what a person sets, so that what was not touched is no answer. */
const SUGGESTED = 'auto';

export function writeCvatXml(decisions: readonly ExportedDecision[], urlPrefix: string): string {
  const labels = cvatLabels.map(({ name, attributes }) => {
    const inside = attributes.map(
      (attribute) =>
        `<attribute><name>${attribute.name}</name><mutable>False</mutable><input_type>text</input_type>` +
        '<default_value></default_value><values></values></attribute>',
    );
    return `<label><name>${name}</name><type>tag</type><attributes>${inside.join('')}</attributes></label>`;
  });
  const images = decisions.map(({ record, width, height }, id) => {
    const name = xmlText(urlPrefix + String(record.path));
    return `  <image id="${id}" name="${name}" width="${width}" height="${height}">${tagOf(record)}</image>\n`;
  });
  return (
    '<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n  <version>1.1</version>\n' +
    `  <meta><task><name>facesieve</name><size>${decisions.length}</size><mode>annotation</mode>` +
    `<labels>${labels.join('')}</labels></task></meta>\n${images.join('')}</annotations>\n`
  );
}

function tagOf(record: ExportedDecision['record']): string {
  const given = givenVerdictOf(record);
  const tag: Suggestion | undefined = given ?? suggestionOf(record);
  if (!tag) return '';
  const attribute = (name: string, value: string | null): string =>
    value === null ? '' : `<attribute name="${name}">${xmlText(value)}</attribute>`;
  const inside = attribute(IDENTITY, tag.identity) + attribute(FACE, tag.face);
  return `<tag label="${tag.verdict}" source="${given ? 'manual' : SUGGESTED}">${inside}</tag>`;
}

const attributeSchema = z.object({ name: z.string(), '#text': z.string().default('') });
const tagSchema = z.object({
  label: z.string(),
  source: z.string().optional(),
  attribute: z.array(attributeSchema).default([]),
});
const imageSchema = z.object({ name: z.string(), tag: z.array(tagSchema).default([]) });
const userSchema = z.object({ assignee: z.object({ username: z.string() }).optional().catch(undefined) }).optional();
const fileSchema = z.object({
  annotations: z.object({
    meta: z.object({ task: userSchema, job: userSchema }).optional().catch(undefined),
    image: z.array(z.unknown()).default([]),
  }),
});

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true, // numeric ones among them: names may hold line ends
  isArray: (name) => ['image', 'tag', 'attribute'].includes(name),
});

/** Tags that a person set. @throws FormatError */
export function readCvatXml(text: string, file: string): Answer[] {
  // A document type brings entities, and with them bombs and other people's files. CVAT writes none.
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new FormatError(`"${file}" is refused: it has a document type.`);
  const { meta, image } = parsed(fileSchema, parseXml(text, file), file).annotations;
  const reviewer = (meta?.job?.assignee ?? meta?.task?.assignee)?.username.trim() || undefined;
  return image.flatMap((value, i) => {
    const place = `${file}, image ${i + 1}`;
    const { name: path, tag } = parsed(imageSchema, value, place);
    return tag
      .filter(({ source, label }) => source !== SUGGESTED && label !== UNANSWERED)
      .map(({ label, attribute }) => {
        const valueOf = (wanted: string): string => attribute.find(({ name }) => name === wanted)?.['#text'] ?? '';
        return { place, path, verdict: label, identity: valueOf(IDENTITY), face: valueOf(FACE), reviewer };
      });
  });
}

function parseXml(text: string, file: string): unknown {
  try {
    return parser.parse(text, true);
  } catch (error) {
    throw new FormatError(`"${file}" is not XML: ${(error as Error).message}.`);
  }
}

const special: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** `text` as it may stand in XML, in an attribute too: line ends come back as they were. @throws FormatError */
export function xmlText(text: string): string {
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text))
    throw new FormatError(`"${text}" contains a character that XML cannot represent.`, ['Export as csv or jsonl.']);
  return text.replace(/[&<>"\t\n\r]/g, (character) => special[character] ?? `&#${character.charCodeAt(0)};`);
}
