import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { detPlot } from '../../src/report/svg/det-plot.js';
import { rocPlot } from '../../src/report/svg/roc-plot.js';

const points = Array.from({ length: 2001 }, (_, i) => ({ falseAccepts: 1 - i / 2000, falseRejects: (i / 2000) ** 4 }));

describe.each([
  ['ROC', rocPlot],
  ['DET', detPlot],
])('the %s plot', (name, plot) => {
  const svg = plot([{ name: 'A & <B>', points }], 0.005);

  it('is one well-formed SVG that needs nothing else', () => {
    expect(XMLValidator.validate(svg)).toBe(true);
    expect(svg).not.toMatch(/NaN|Infinity|undefined|href|<script/);
    expect(JSON.stringify(new XMLParser().parse(svg))).toContain(`${name}: `);
  });

  it('has a mark for every decade, and as few corners as there are pixels', () => {
    for (const decade of ['1e-3', '0.01', '0.1', '1']) expect(svg).toContain(`>${decade}</text>`);
    const [, path] = /<path d="([^"]+)" fill="none"/.exec(svg)!;
    const corners = path.split(/[ML]/).slice(1);
    expect(new Set(corners).size).toBe(corners.length);
    expect(corners.at(-1)!.split(' ')[0]).toBe('70'); // no false accepts: the left edge
  });

  it('shades where impostor pairs are too few, if anywhere', () => {
    const shade = /<rect x="70"[^>]* width="([\d.]+)"/;
    const width = Number(shade.exec(svg)![1]);
    const lowest = 1e-4; // a decade below 0.005's
    expect(width).toBeCloseTo((550 * Math.log(0.005 / lowest)) / Math.log(1 / lowest), 0);
    expect(shade.test(plot([], 1e-12))).toBe(true);
  });
});
