import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import { verificationOf } from '../../src/metrics/verification.js';
import { describeEvaluation } from '../../src/cli/describe-evaluation.js';
import { facesieve, facesieveJson, tinyFlags } from '../helpers/cli.js';
import type { Ended } from '../helpers/served-program.js';
import { longLivedFolder, portrait, tinyCrawl, writeFiles } from '../helpers/tiny-crawl.js';

const folder = longLivedFolder();
const at = (name: string): string => join(folder, name);
const w = ['-w', at('workspace')];
const evaluate = (...flags: string[]) => facesieveJson('evaluate', ...flags, ...w);
const people = ['Ada', 'Bo', 'Cy', 'Dee', 'B']; // B is in the training set too

let run: Ended;

beforeAll(async () => {
  await tinyCrawl(at('crawl'), 5, 8);
  const files: Record<string, Uint8Array> = {};
  for (const name of people)
    for (let i = 1; i <= 4; i++) files[`${name}/${name}_000${i}.jpg`] = await portrait(name, 200 + i);
  writeFiles(at('others'), files);
  run = facesieve('run', at('crawl'), ...w, '--out', at('clean'), '--seed', '1', ...tinyFlags);
  expect(run.code).toBe(0);
  const lines = people.flatMap((name, p) =>
    [1, 2, 3, 4].flatMap((i) => {
      const first = `${name}/${name}_000${i}.jpg`;
      const genuine = [1, 2, 3, 4].filter((j) => j > i).map((j) => `${first},${name}/${name}_000${j}.jpg,1`);
      const others = people
        .slice(p + 1)
        .flatMap((other) => [1, 2, 3].map((j) => `${first},${other}/${other}_000${j}.jpg,0`));
      return [...genuine, ...others];
    }),
  );
  writeFileSync(at('pairs.csv'), `path1,path2,same\n${lines.join('\n')}\n`);
});

const csvOf = (file: string) => parse(readFileSync(file), { columns: true }) as Record<string, string>[];

describe('a run from scratch that is not asked to compare', () => {
  it('prints no figure of a network, and says how to compare', () => {
    expect(run.stdout).toContain('whether cleaning helps recognition was not measured: --compare does');
    expect(run.stdout).not.toMatch(/trained on the crawl|retrained|accuracy|rank 1/);
  });
});

describe('evaluate on kept images', () => {
  it('tells verification, errors by quality and identification of both networks', () => {
    const { json, code } = evaluate();
    expect(code).toBe(0);
    expect(json.score).toEqual({ name: 'cosine' });
    for (const run of ['before', 'after']) {
      expect(json.verification[run].byQuality.length).toBeGreaterThan(1);
      expect(json.identification[run].cmc.at(-1)).toBe(1); // five identities, ranks to five
      expect(json.identification[run].gallery).toBe(5);
    }
    expect(json.overlap).toBeUndefined();
    const { images, trainedOn } = json.pairs;
    expect(json.pairs.from).toBe('kept images');
    expect(trainedOn.before).toBe(images);
    expect(trainedOn.after).toBeLessThan(images);
    const told = describeEvaluation(json).join('\n');
    expect(told).toMatch(/^retrained on the purified set .*%/m);
    expect(told).not.toMatch(/^trained on the crawl/m); // it was trained on these very images
    const alone = { ...json, verification: { before: json.verification.before }, identification: undefined };
    expect(describeEvaluation(alone).join('\n')).toMatch(
      /^trained on the crawl .*[^]*it was trained on the images of these pairs/m,
    );
  });
});

describe('evaluate --pairs', () => {
  it('names people of the training set; --scores-out and --plots write every pair and the curves, also when the figures are known already', () => {
    const first = evaluate('--pairs', at('pairs.csv'), '--root', at('others'));
    expect(first.json.overlap).toMatchObject({ people: 5, byName: [{ person: 'B', identity: 'B' }] });
    expect(first.json.pairs).toEqual({ from: 'file', images: 20, trainedOn: { before: 0, after: 0 } });
    expect(describeEvaluation(first.json).join('\n')).toMatch(
      /^trained on the crawl .*\n^retrained on the purified set/m,
    );
    const again = evaluate(
      ...[
        '--pairs',
        at('pairs.csv'),
        '--root',
        at('others'),
        '--scores-out',
        at('out/scores.csv'),
        '--plots',
        at('plots'),
      ],
    );
    expect(again.stderr).toContain('done already');
    expect(readdirSync(at('plots')).sort()).toEqual(['det.svg', 'roc.svg']);
    const rows = csvOf(at('out/scores.csv'));
    expect(rows).toHaveLength(csvOf(at('pairs.csv')).length);
    const figures = verificationOf(
      Float64Array.from(rows, (row) => Number(row.score_after)),
      rows.map(({ same }) => same === '1'),
      Float64Array.from(rows, (row) => Number(row.quality_after)),
      10,
    );
    expect(figures).toEqual(first.json.verification.after);
    expect(rows.every((row) => row.score_before === row.cosine_before)).toBe(true);
  });
});

describe('a quality-aware score', () => {
  const pairs = ['--pairs', at('pairs.csv'), '--root', at('others')];

  it('asks to be fitted first', () => {
    const { json, code } = evaluate('--score', 'qmagface');
    expect(code).toBe(2);
    expect(json.error.suggestions).toEqual([
      expect.stringMatching(/^facesieve score fit --score qmagface --pairs FILE -w /),
    ]);
  });

  it('is fitted to each network, kept, and used on other pairs', () => {
    const { json } = facesieveJson('score', 'fit', ...pairs, ...w);
    expect(json).toMatchObject({ score: 'qmagface', genuine: 30 });
    expect(json.fits.map(({ network }: { network: string }) => network)).toEqual(['before', 'after']);
    const { alpha, beta } = json.fits[1].parameters;

    const others = evaluate('--score', 'qmagface', '--scores-out', at('kept.csv')).json;
    expect(others.score).toMatchObject({ fittedOnThesePairs: false, parameters: { after: { alpha, beta } } });
    for (const row of csvOf(at('kept.csv'))) {
      const [cosine, quality] = [Number(row.cosine_after), Number(row.quality_after)];
      expect(Number(row.score_after)).toBeCloseTo(cosine + quality * Math.min(0, beta * cosine - alpha), 12);
    }
    const own = facesieve('evaluate', '--score', 'qmagface', ...pairs, ...w).stdout;
    expect(own).toContain('score: qmagface, fitted on these very pairs');
    expect(own).toMatch(/no figure at FAR=1e-2: it takes 1000 impostor pairs, there are \d+/);
    expect(own).toContain('of 5 people in the pairs 1 have a name of the training set');
  });
});

describe('other forms of pairs', () => {
  it("LFW's pairs.txt", () => {
    const lines = people.slice(1).map((name, i) => `${name}\t1\t2\n${name}\t3\t${people[i]}\t4`);
    writeFileSync(at('pairs.txt'), `4\t1\n${lines.join('\n')}\n`);
    const { json, code } = evaluate('--pairs', at('pairs.txt'), '--root', at('others'));
    expect(code).toBe(0);
    expect(json.verification.before).toMatchObject({ genuine: 4, impostor: 4 });
  });

  it('templates, which tell more than single images', () => {
    const members = people.flatMap((name) =>
      [1, 2, 3, 4].map((i) => `${name}-${i % 2},${name}/${name}_000${i}.jpg,video ${i}`),
    );
    writeFileSync(at('templates.csv'), `template_id,path,media_id\n${members.join('\n')}\n`);
    const pairs = people.map((name, i) => `${name}-0,${name}-1,1\n${name}-0,${people[(i + 1) % 5]}-1,0`);
    writeFileSync(at('template-pairs.csv'), `template1,template2,same\n${pairs.join('\n')}\n`);
    const { json, code } = evaluate(
      ...['--pairs', at('template-pairs.csv'), '--templates', at('templates.csv'), '--root', at('others')],
      ...['--scores-out', at('templates-out.csv')],
    );
    expect(code).toBe(0);
    expect(json.verification.after).toMatchObject({ genuine: 5, impostor: 5 });
    expect(csvOf(at('templates-out.csv'))[0]).toMatchObject({ first: 'Ada-0', second: 'Ada-1', same: '1', fold: '0' });
  });

  it.each([
    ['a pickle that is a program', ['--pairs', 'evil.bin'], 2, 'it holds GLOBAL'],
    ['a file that is not there', ['--pairs', 'none.csv'], 2, 'there is no such file'],
    ['a folder for a CSV', ['--scores-out', '.'], 2, 'is not the name of a file'],
    ['a folder without the images', ['--pairs', 'pairs.csv', '--root', 'crawl'], 2, '--root names another folder'],
    ['templates without pairs', ['--templates', 'templates.csv'], 64, '--pairs'],
    ['a score that is none', ['--score', 'cosin'], 64, 'qmagface'],
  ])('%s', (_, flags, expected, tells) => {
    writeFileSync(at('evil.bin'), `cos\nsystem\n(S'touch ${at('pwned')}'\ntR.`);
    const { code, stderr } = facesieve(
      'evaluate',
      ...flags.map((flag) => (/^-|cosin/.test(flag) ? flag : at(flag))),
      ...w,
    );
    expect([code, stderr]).toEqual([expected, expect.stringContaining(tells)]);
    expect(existsSync(at('pwned'))).toBe(false);
  });
});
