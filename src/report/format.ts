import type { Pictures, Report } from './report.js';

/** A way to write a report. A new one is one file and one line in formats.ts. */
export interface ReportFormat {
  name: string;
  /** Of the file's name, with its dot. */
  ending: string;
  /** Whether it shows pictures; without that none are made. */
  pictures: boolean;
  write(report: Report, pictures: Pictures): string;
}
