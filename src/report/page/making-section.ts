import { defaults } from '../../core/config.js';
import { markup, type Markup } from '../markup.js';
import type { Report } from '../report.js';
import { duration, moment } from '../words.js';
import { named } from './face.js';
import type { SectionMaker } from './section.js';

/** How it was made: stages and runs, settings, versions. */
export const makingSection: SectionMaker = ({ source, reference, stages, settings, versions }) => ({
  id: 'making',
  title: 'How it was made',
  body: markup`<dl class="meanings"><div><dt>source</dt><dd>${named(source)}</dd></div>${reference !== null && markup`<div><dt>reference set</dt><dd>${named(reference)}</dd></div>`}${Object.entries(versions).map(([name, version]) => markup`<div><dt>${name}</dt><dd>${version}</dd></div>`)}</dl>
<table class="stages"><thead><tr><th scope="col">stage</th><th scope="col">run</th><th scope="col" class="less">finished</th><th scope="col">took</th></tr></thead>
<tbody>${stages.map(({ stage, id, finishedAt, seconds }) => markup`<tr><th scope="row">${stage}</th><td class="path">${id}</td><td class="less">${moment(finishedAt)}</td><td>${duration(seconds)}</td></tr>`)}</tbody></table>
<div class="settings">${settings.map(settingsOf)}</div>
<p class="note">Settings that differ from their defaults are marked.</p>`,
});

const settingsOf = ({ stage, values }: Report['settings'][number]): Markup =>
  markup`<section><h3 class="sub">${stage}</h3><dl>${Object.entries(values).map(
    ([name, value]) =>
      markup`<div${differs(name, value) && markup` class="differs"`}><dt>${name}</dt><dd>${named(text(value))}</dd></div>`,
  )}</dl></section>`;

/** Settings within a setting as words, which can be broken between two lines. */
function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return JSON.stringify(value) ?? '';
  return Object.entries(value)
    .map(([name, inner]) => `${name} ${text(inner)}`)
    .join(', ');
}

const differs = (name: string, value: unknown): boolean =>
  name in defaults && JSON.stringify(defaults[name as keyof typeof defaults]) !== JSON.stringify(value);
