import { markup, type Markup } from '../markup.js';
import type { Pictures, Report } from '../report.js';
import { galleryKinds } from '../report.js';
import { moment } from '../words.js';
import { anglesSection } from './angles-section.js';
import { named } from './face.js';
import { gallerySection } from './gallery-section.js';
import { identitiesSection } from './identities-section.js';
import { legendSection } from './legend-section.js';
import { makingSection } from './making-section.js';
import { namesSection } from './names-section.js';
import { overlapSection } from './overlap-section.js';
import { mergesSection, splitsSection } from './proposals-section.js';
import { qualitySection } from './quality-section.js';
import type { Section, SectionMaker } from './section.js';
import { skippedSection } from './skipped-section.js';
import { style } from './style.js';
import { summarySection } from './summary-section.js';
import { trainingSection } from './training-section.js';

/** The page from top to bottom; what has nothing to tell is left out. */
const makers: readonly SectionMaker[] = [
  summarySection,
  anglesSection,
  identitiesSection,
  qualitySection,
  trainingSection,
  legendSection,
  ...galleryKinds.map(gallerySection),
  mergesSection,
  splitsSection,
  namesSection,
  overlapSection,
  skippedSection,
  makingSection,
];

/** Nothing may be loaded from anywhere, and nothing may run: the browser is told so too. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The report as one page that needs nothing else. */
export function page(report: Report, pictures: Pictures): string {
  const sections = makers.flatMap((make) => make(report, pictures) ?? []);
  const name = report.source.split(/[\\/]/).filter(Boolean).pop() ?? report.source;
  const document = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${name}: what facesieve found</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#summary">To the summary</a>
<header><p class="brand">facesieve report</p><h1>${named(name)}</h1>
<p class="made">As of <time datetime="${report.madeAt}">${moment(report.madeAt)}</time>. Faces and names are personal data: keep this file as carefully as the images.</p></header>
<nav aria-label="Contents"><ol>${sections.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`)}</ol></nav>
<main>
${sections.map(written)}
</main>
<footer><p>Made by facesieve ${report.versions.facesieve}.</p></footer>
</body>
</html>
`;
  return document.text;
}

const written = ({ id, title, aside, body }: Section): Markup =>
  markup`<section id="${id}" aria-labelledby="${id}-heading"><div class="heading"><h2 id="${id}-heading">${title}</h2>${aside !== undefined && markup`<p>${aside}</p>`}</div>
${body}
</section>
`;
