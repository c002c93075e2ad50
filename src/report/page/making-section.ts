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

const settingsOf = ({ stage, values, changed }: Report['settings'][number]): Markup =>
  markup`<section><h3 class="sub">${stage}</h3><dl>${Object.entries(values).map(
    ([name, value]) =>
      markup`<div${changed.includes(name) && markup` class="differs"`}><dt>${name.replace('lossSettings.', 'loss: ')}</dt><dd>${named(text(value))}</dd></div>`,
  )}</dl></section>`;

const text = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
