import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { importDecisions } from '../../../src/pipeline/import-decisions.js';
import { currentVerdicts } from '../../../src/workspace/verdicts.js';
import { decidedWorkspace } from '../../helpers/decided-workspace.js';
import { temporaryFolder } from '../../helpers/tiny-crawl.js';

async function importing(name: string, content: string | Uint8Array) {
  const workspace = decidedWorkspace(temporaryFolder(), [
    { path: 'A/1.jpg', decision: 'review' },
    { path: 'A/2.jpg', decision: 'review' },
  ]);
  const file = join(temporaryFolder(), name);
  writeFileSync(file, content);
  const result = await importDecisions(workspace, file, 'bob').catch((error: Error) => error);
  return { result, held: currentVerdicts(workspace) };
}

const image = (inside: string): string =>
  `<annotations><image id="0" name="A/1.jpg"><tag label="drop"></tag></image>${inside}</annotations>`;

describe('a file of answers that is up to something is refused whole', () => {
  const laughs = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]>';
  const zipped = (files: Record<string, string>): Uint8Array =>
    zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));

  /** A zip whose directory says that its file unpacks to `size` bytes. */
  function claiming(size: number): Uint8Array {
    const zip = zipped({ 'annotations.xml': 'x'.repeat(100_000) });
    const view = new DataView(zip.buffer, zip.byteOffset);
    const directory = view.getUint32(zip.length - 6, true);
    view.setUint32(directory + 24, size, true);
    return zip;
  }

  /** A zip whose directory promises a hundred bytes. */
  function lying(zip: Uint8Array): Uint8Array {
    const bytes = Buffer.from(zip);
    bytes.writeUInt32LE(100, bytes.indexOf('PK\x01\x02') + 24);
    return bytes;
  }

  /** One file of `megabytes` blanks under many names, or under one; names have eleven letters. */
  function bomb(megabytes: number, names: readonly string[]): Uint8Array {
    const placeholders = names.map((_, i) => `${String(i).padStart(7, '0')}.xml`);
    const content = deflateRawSync(Buffer.alloc(megabytes << 20, ' '));
    const zip = Buffer.from(zipSync(Object.fromEntries(placeholders.map((name) => [name, [content, { level: 0 }]]))));
    for (const [i, placeholder] of placeholders.entries())
      for (let at = zip.indexOf(placeholder); at >= 0; at = zip.indexOf(placeholder, at + 1)) zip.write(names[i], at);
    for (let at = zip.indexOf('PK\x01\x02'); at >= 0; at = zip.indexOf('PK\x01\x02', at + 1)) {
      zip.writeUInt16LE(8, at + 10); // it is deflated
      zip.writeUInt32LE(megabytes << 20, at + 24);
    }
    return zip;
  }
  const many = ['synsets.txt', ...Array.from({ length: 30 }, (_, i) => `${String(i + 1000000)}.txt`)];

  it.each([
    ['one name twice', 'a.zip', bomb(50, ['answers.xml', 'answers.xml', 'answers.xml']), /holds "answers.xml" twice/],
    ['much more than it promises', 'a.zip', lying(bomb(50, ['answers.xml'])), /cannot be read as a zip archive/],
    ['many small bombs', 'a.zip', bomb(100, many), /unpacks to too much/],
    [
      'a line that nests deeply',
      'a.jsonl',
      `{"path":${'['.repeat(300_000)}${']'.repeat(300_000)}}`,
      /"path" must be text/,
    ],
    ['entities', 'a.xml', laughs + image(''), /document type/],
    ['a file from elsewhere', 'a.xml', '<!DOCTYPE a SYSTEM "file:///etc/passwd">' + image(''), /document type/],
    ['a prototype', 'a.xml', image('<__proto__ x="1"></__proto__>'), /is not XML/],
    ['a name that leads out', 'a.zip', zipped({ '../annotations.xml': image('') }), /leads out/],
    ['an absolute name', 'a.zip', zipped({ 'drop/A/1.jpg': '', '/etc/drop/x': '' }), /absolute path/],
    ['a bomb', 'a.zip', claiming(2 ** 31), /unpacks to too much/],
    ['sizes that do not fit', 'a.zip', claiming(1), /cannot|unpacks|not XML/],
    ['no archive at all', 'a.zip', 'PK, not really', /zip archive/],
    ['bytes that are no text', 'a.csv', Uint8Array.of(0xff, 0xfe, 0, 0), /UTF-8/],
    ['two opinions', 'a.csv', 'path,verdict\nA/1.jpg,drop\nA/2.jpg,keep\nA/1.jpg,keep\n', /row 3 says "keep".*row 1/],
    ['deep nesting', 'a.json', '['.repeat(100_000) + ']'.repeat(100_000), /not (JSON|as Label Studio)/],
    ['another kind of list', 'a.json', '[1, "A/1.jpg"]', /task 1 is not as Label Studio/],
    ['an unknown kind', 'a.docx', 'x', /not one of the known kinds/],
  ])('%s', async (_, name, content, message) => {
    const { result, held } = await importing(name, content);
    expect(result).toMatchObject({ name: 'FormatError', message: expect.stringMatching(message) });
    expect(held.size).toBe(0);
  });
});

describe('who gave a verdict', () => {
  const task = (completed_by: unknown) =>
    JSON.stringify([
      {
        data: { path: 'A/1.jpg' },
        annotations: [{ completed_by, result: [{ from_name: 'verdict', value: { choices: ['drop'] } }] }],
      },
    ]);
  const assigned = image('').replace(
    '<annotations>',
    '<annotations><meta><task><assignee><username>ada</username></assignee></task></meta>',
  );

  it.each([
    ['Label Studio with users', 'a.json', task({ id: 3, email: 'ada@example.org' }), 'ada@example.org'],
    ['Label Studio with their numbers', 'a.json', task(3), 'bob'],
    ['CVAT with an assignee', 'a.xml', assigned, 'ada'],
    [
      'CVAT without',
      'a.xml',
      image('').replace('<annotations>', '<annotations><meta><task><assignee></assignee></task></meta>'),
      'bob',
    ],
  ])('%s', async (_, name, content, reviewer) => {
    const { held } = await importing(name, content);
    expect(held.get('A/1.jpg')).toMatchObject({ verdict: 'drop', reviewer });
  });
});
