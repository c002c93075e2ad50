import { FormatError } from '../../core/errors.js';

const special: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** `text` as it may stand in XML, in an attribute too: line ends come back as they were. @throws FormatError */
export function xmlText(text: string): string {
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text))
    throw new FormatError(`"${text}" contains a character that XML cannot represent.`, ['Export as csv or jsonl.']);
  return text.replace(/[&<>"\t\n\r]/g, (character) => special[character] ?? `&#${character.charCodeAt(0)};`);
}
