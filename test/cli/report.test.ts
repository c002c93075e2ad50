import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { reportSchema } from '../../src/report/report.js';
import { openWorkspace } from '../../src/workspace/workspace.js';
import { facesieve, facesieveJson, tinyFlags } from '../helpers/cli.js';
import { longLivedFolder, tinyCrawl } from '../helpers/tiny-crawl.js';

const folder = longLivedFolder();
const workspace = join(folder, 'workspace');
const w = ['-w', workspace];
const page = join(workspace, 'reports/report.html');
let ran: ReturnType<typeof facesieve>;

beforeAll(async () => {
  const crawl = await tinyCrawl(join(folder, 'crawl'), 5, 8, { 'A/1.jpg': 'B', 'C/5.jpg': 'somebody else' });
  ran = facesieve('run', crawl, ...w, ...tinyFlags);
  expect(ran.code, ran.stderr).toBe(0);
});

describe('run', () => {
  it('ends with a report, says where, and makes it again only when something else is in it', () => {
    expect(ran.stdout).toContain(page);
    const first = readFileSync(page, 'utf8');
    const again = facesieveJson('run', join(folder, 'crawl'), ...w, ...tinyFlags).json;
    expect(again.stages.at(-1)).toMatchObject({ name: 'report', skipped: true });
    expect(again.report).toBe(page);
    rmSync(page);
    expect(facesieve('run', join(folder, 'crawl'), ...w, ...tinyFlags).code).toBe(0);
    expect(readFileSync(page, 'utf8')).toBe(first);
  });
});

describe('report', () => {
  it('writes the page to where it is told, with faces inside', () => {
    const out = join(folder, 'sent.html');
    const { json, code } = facesieveJson('report', '--out', out, ...w);
    expect(code).toBe(0);
    expect(json).toMatchObject({ out, format: 'html', bytes: readFileSync(out).length });
    expect(readFileSync(out, 'utf8')).toContain('src="data:image/jpeg;base64,');
    expect(facesieve('report', '--out', out, '--gallery-images', '0', ...w).stdout.trim()).toBe(out);
    expect(readFileSync(out, 'utf8')).not.toContain('data:image');
  });

  it('takes the format from the name of the file, and stdout', () => {
    const { json } = facesieveJson('report', '--out', join(folder, 'r.json'), ...w);
    expect(json.format).toBe('json');
    const report = reportSchema.parse(JSON.parse(readFileSync(json.out, 'utf8')));
    expect(report.images).toBe(40);
    expect(report.settings.map(({ stage }) => stage)).toEqual(['ingest', 'train', 'sift', 'retrain']);
    expect(report.settings[1].values).toMatchObject({ backbone: 'plain-4', 'lossSettings.cosineMargin': 0 });
    expect(report.settings[1].changed).toContain('backbone');
    expect(report.settings[1].changed).not.toContain('lossSettings.cosineMargin');
    expect(facesieve('report', '--format', 'md', '--out', '-', ...w).stdout).toMatch(/^# /);
    expect(facesieve('report', '--out', '-', '--json', ...w).code).toBe(64);
  });

  it('says what is wrong: nothing sifted, a folder, a place that cannot be written, a typo', () => {
    const empty = join(folder, 'empty');
    openWorkspace(empty).close();
    expect(facesieveJson('report', '-w', empty)).toMatchObject({
      code: 2,
      json: { error: { name: 'MissingStageError' } },
    });
    expect(facesieve('report', '-w', join(folder, 'nowhere')).code).toBe(2);
    mkdirSync(join(folder, 'dir'));
    expect(facesieveJson('report', '--out', join(folder, 'dir'), ...w).json.error.message).toContain('is a folder');
    expect(facesieveJson('report', '--out', join(page, 'below a file.html'), ...w).json.error.message).toContain(
      'below a file',
    );
    expect(facesieve('report', '--format', 'pdf', ...w).code).toBe(64);
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });
});
