import { describe, expect, it } from 'vitest';
import { reportFormats } from '../../src/report/formats.js';
import { markup } from '../../src/report/markup.js';
import { reportSchema, shownPaths } from '../../src/report/report.js';
import { jsonText } from '../../src/core/text/visible-text.js';
import { decisions, hostile, hostileReport, picturesOf } from '../helpers/hostile-report.js';

it('holds every gallery, the proposals and the verdict, and is what its schema says', () => {
  const report = hostileReport(100);
  expect(reportSchema.parse(report)).toEqual(report);
  expect(report.galleries.map(({ kind, total }) => [kind, total])).toEqual(
    ['drop', 'relabel', 'review', 'hard', 'duplicate'].map((kind) => [kind, hostile.length]),
  );
  expect([report.merges?.total, report.splits?.total, report.verdicts]).toEqual([1, 1, 1]);
  expect(hostileReport(2).galleries.map(({ images, total }) => [images.length, total])).toEqual(
    Array.from({ length: 5 }, () => [2, hostile.length]),
  );
});

it('without gallery images shows no picture', () => {
  expect(shownPaths(hostileReport(0))).toEqual([]);
});

/** How a format writes a name, where that can be told. */
const asWritten: Record<string, (name: string) => string> = {
  html: (name) => markup`${name}`.text,
  json: (name) => jsonText(name).slice(1, -2),
  md: (name) => name.split(/[^\w ]/, 1)[0],
};

describe.each(reportFormats)('a report as $name', (format) => {
  const written = (): string => {
    const report = hostileReport(100);
    return format.write(report, picturesOf(report));
  };

  it('names every identity and every decision', () => {
    const text = written();
    for (const identity of hostile) expect(text).toContain(asWritten[format.name](identity));
    for (const decision of decisions) expect(text).toContain(decision);
  });

  it('loads nothing, runs nothing, and lets no name break out', () => {
    const text = written();
    if (format.name === 'html') expect(text).not.toMatch(/<script|<img(?! class="face)|<iframe|<link|@import|url\(/);
    for (const [, value] of format.name === 'html' ? text.matchAll(/\s(?:src|href)="([^"]*)"/g) : [])
      expect(value).toMatch(/^(data:image\/jpeg;base64,|#)/);
    if (format.name === 'md') expect(text).not.toMatch(/^# heading|<script|<img|\]\(http/m);
    if (format.name === 'json') expect(reportSchema.safeParse(JSON.parse(text)).success).toBe(true);
    expect(text.endsWith('\n')).toBe(true);
  });

  it('is the same whenever it is asked', () => {
    const report = { ...hostileReport(3), madeAt: '2026-01-01T00:00:00.000Z' };
    expect(format.write(report, picturesOf(report))).toBe(format.write(report, picturesOf(report)));
  });
});
