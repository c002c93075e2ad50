import type { Markup } from '../markup.js';
import type { Pictures, Report } from '../report.js';

/** A part of the page with its heading. */
export interface Section {
  /** In the address, and unique on the page. */
  id: string;
  title: string;
  /** Beside the title, e.g. how many. */
  aside?: string;
  body: Markup;
}

/** Makes a section of a report; undefined where there is nothing to tell. A new one is one file and one line in page.ts. */
export type SectionMaker = (report: Report, pictures: Pictures) => Section | undefined;
