import type { Plan } from './plan.js';

/** Something that must not be found any more. */
export interface Needle {
  text: string;
  kind: 'path' | 'identity' | 'hash';
  /** The bytes that say it in files of all kinds; none when it is too short to mean anything among arbitrary bytes. */
  forms: Buffer[];
  /** A word as facesieve's own files are full of; in these only a whole value is a name. */
  plain: boolean;
}

/** Bytes from which on something found among numbers is no accident. */
const TELLING = 6;

/** Names, paths and hashes of what `plan` takes out. */
export function needlesOf({ identities, images }: Plan): Needle[] {
  const needle = (kind: Needle['kind'], text: string): Needle => ({
    kind,
    text,
    forms: Buffer.byteLength(text) < TELLING ? [] : formsOf(text),
    plain: /^[a-z]+$/.test(text),
  });
  return [
    ...identities.map((text) => needle('identity', text)),
    ...images.map(({ path }) => needle('path', path)),
    ...[...new Set(images.flatMap(({ sha256 }) => sha256 ?? []))].map((text) => needle('hash', text)),
  ];
}

/** As it stands between the quotes of JSON. */
export const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
const inHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const inUrl = (text: string): string =>
  text
    .split('/')
    .map((part) => encodeURIComponent(Buffer.from(part).toString('utf8')))
    .join('/');

/** How a text is written down: as it is, in JSON, in JSON within JSON, in CSV, HTML and addresses, in either normal form, in UTF-16. */
export function formsOf(text: string): Buffer[] {
  const written = new Set(
    [text, text.normalize('NFC'), text.normalize('NFD')].flatMap((one) => [
      ...[one, inJson(one), inJson(inJson(one)), one.replaceAll('"', '""'), inHtml(one), inUrl(one)],
    ]),
  );
  return [...[...written].map((one) => Buffer.from(one)), Buffer.from(text, 'utf16le')];
}
