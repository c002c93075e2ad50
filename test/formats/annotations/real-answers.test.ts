import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importDecisions } from '../../../src/pipeline/import-decisions.js';
import { currentVerdicts } from '../../../src/workspace/verdicts.js';
import { decidedWorkspace } from '../../helpers/decided-workspace.js';
import { runInProcess } from '../../helpers/in-process.js';
import { temporaryFolder } from '../../helpers/tiny-crawl.js';

const paths = ['P000/0.jpg', 'P000/1.jpg', 'P003/2.jpg', 'P004/ñ.jpg'];

async function importing(name: string, content: string | Uint8Array) {
  const workspace = decidedWorkspace(
    temporaryFolder(),
    paths.map((path) => ({ path, identity: path.slice(0, 4), decision: 'review' as const })),
  );
  const file = join(temporaryFolder(), name);
  writeFileSync(file, content);
  const result = await importDecisions(workspace, file, 'bob').catch((error: Error) => error);
  const said = [...currentVerdicts(workspace)].map(([path, { verdict, identity }]) => [path, verdict, identity]);
  return { result, said };
}

const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');

describe("an annotator's answer", () => {
  const head = [
    'image',
    'path',
    'suggested_identity',
    'id',
    'verdict',
    'new_identity',
    'annotator',
    'annotation_id',
    'updated_at',
  ];
  const row = (verdict: string, name: string, at: string): string[] => [
    'x',
    paths[0],
    'P002',
    '1',
    verdict,
    name,
    '1',
    '11',
    at,
  ];

  it.each([',', '\t'])("is read from Label Studio's table with %j, not our own old suggestion", async (between) => {
    const lines = [head, row('relabel', 'P004', '2026-01-01')].map((cells) => cells.join(between)).join('\n');
    const { said } = await importing(between === ',' ? 'project.csv' : 'project.tsv', lines);
    expect(said).toEqual([[paths[0], 'relabel', 'P004']]);
  });

  it('is the last of several annotations, and may stand there as JSON', async () => {
    const rows = [
      head,
      row('drop', '', '2026-01-01'),
      row('relabel', '"[""P003""]"', '2026-02-01'),
      row('keep', '', '2025-01-01'),
    ];
    const { said } = await importing('project.csv', rows.map((cells) => cells.join(',')).join('\n'));
    expect(said).toEqual([[paths[0], 'relabel', 'P003']]);
  });

  it.each([
    ['semicolons and quotes', 'path;verdict;suggested_identity;reason\nP000/0.jpg;relabel;P003;"x, y"\n'],
    ['blanks in head words', 'path , verdict,Suggested Identity\nP000/0.jpg,relabel,P003\n'],
    ['blanks round paths', 'path,verdict,suggested_identity\nP000/0.jpg ,relabel,P003\n'],
    ['empty cells behind the last column', 'path,verdict,suggested_identity\nP000/0.jpg,relabel,P003\n,,,,,\n'],
    ['capitals and blanks', 'path,verdict,suggested_identity\nP000/0.jpg,Relabel ,P003\n'],
    ['UTF-16 and tabs', utf16('path\tverdict\tsuggested_identity\r\nP000/0.jpg\trelabel\tP003\r\n')],
    ['another case of the columns', 'Path,Verdict,Suggested_Identity\nP000/0.jpg,relabel,P003\n'],
    ['separators of Windows', 'path,verdict,suggested_identity\nP000\\0.jpg,relabel,P003\n'],
    ['a sep= line', 'sep=;\npath;verdict;suggested_identity\nP000/0.jpg;relabel;P003\n'],
  ])('is read from a table as spreadsheets write it: %s', async (_, content) => {
    expect((await importing('reviewed.csv', content)).said).toEqual([[paths[0], 'relabel', 'P003']]);
  });

  it('is matched in either form of Unicode', async () => {
    const { said } = await importing('reviewed.csv', `path,verdict\n${'P004/ñ.jpg'.normalize('NFD')},drop\n`);
    expect(said).toEqual([['P004/ñ.jpg', 'drop', null]]);
  });
});

describe('an image by the name of its upload', () => {
  const task = (name: string): string =>
    JSON.stringify([
      {
        id: 1,
        data: { image: `/data/upload/1/a1b2c3d4-${name}` },
        annotations: [{ was_cancelled: false, result: [{ from_name: 'verdict', value: { choices: ['drop'] } }] }],
      },
    ]);

  it('is found where only one is called so', async () => {
    expect((await importing('project.json', task('2.jpg'))).said).toEqual([[paths[2], 'drop', null]]);
  });

  it('that none has leaves nothing: that is an error with advice', async () => {
    const { result } = await importing('project.json', task('9.jpg'));
    expect(result).toMatchObject({
      name: 'EmptyInputError',
      message: expect.stringMatching(/^No verdict of .* is on an image/),
    });
    expect((result as unknown as { suggestions: string[] }).suggestions.join()).toContain('--url-prefix');
  });
});

describe('a relabel to a name that nobody has', () => {
  it.each([
    ['P03', 'P003'],
    ['somebody else', null],
  ])('is told, with the nearest name: %s', async (name, nearest) => {
    const { result } = await importing(
      'reviewed.csv',
      `path,verdict,suggested_identity\n${paths[0]},relabel,${name}\n`,
    );
    expect(result).toMatchObject({ rows: 1, newNames: [{ name, images: 1, nearest }] });
  });

  it('is a warning of the command; a table without verdicts is an error', async () => {
    const workspace = decidedWorkspace(
      temporaryFolder(),
      paths.map((path) => ({ path, decision: 'review' as const })),
    );
    workspace.close();
    const file = join(temporaryFolder(), 'reviewed.csv');
    writeFileSync(file, `path,verdict,suggested_identity\n${paths[0]},relabel,P03\n`);
    const { code, stderr } = await runInProcess('decisions import', [file, '-w', workspace.folder]);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/1 relabel goes to a name that no image has: P03/)]);
    writeFileSync(file, `path,verdict,suggested_identity\n${paths[0]},,\n`);
    const empty = await runInProcess('decisions import', [file, '-w', workspace.folder]);
    expect([empty.code, empty.stderr]).toEqual([2, expect.stringMatching(/holds no verdict/)]);
  });
});

describe('a workbook', () => {
  it.each([
    ['reviewed.xlsx', 'PK\x03\x04'],
    ['reviewed.xls', '\xd0\xcf\x11\xe0'],
    ['renamed.csv', 'PK\x03\x04rest'],
  ])('is refused with what to do instead: %s', async (name, content) => {
    const { result } = await importing(name, Buffer.from(content, 'latin1'));
    expect(result).toMatchObject({
      message: expect.stringContaining('is a workbook of a spreadsheet program'),
      suggestions: [expect.stringContaining('Save the sheet as CSV')],
    });
  });
});

describe("a task of Label Studio's", () => {
  it('without annotations says nothing, and the others count', async () => {
    const task = (path: string, annotations: unknown) => ({ data: { path }, annotations });
    const choice = { from_name: 'verdict', type: 'choices', value: { choices: ['Drop'] } };
    const tasks = [task(paths[0], [{ result: [choice] }]), task(paths[1], null), task(paths[2], [])];
    expect((await importing('project.json', JSON.stringify(tasks))).said).toEqual([[paths[0], 'drop', null]]);
  });
});
