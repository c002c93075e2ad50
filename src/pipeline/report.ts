import type { ReportResult } from '../workspace/results.js';
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { writePrivately } from '../core/atomic-write.js';
import { PathError } from '../core/errors.js';
import { fingerprint } from '../core/fingerprint.js';
import type { ReportFormat } from '../report/format.js';
import { reportFormatOf } from '../report/formats.js';
import { type Report, shownPaths } from '../report/report.js';
import { type PurifiedList, readPurifiedList } from '../workspace/purified-list.js';
import { rememberReport } from '../workspace/reports.js';
import { doOnce, type StageContext, type StageOutcome } from '../workspace/stage.js';
import type { Workspace } from '../workspace/workspace.js';
import { drawPictures } from '../report/build/draw-pictures.js';
import { reportPhotos } from './report-photos.js';
import { buildReport } from '../report/build/build-report.js';

export interface ReportOptions {
  format: ReportFormat;
  /** Images of each gallery. */
  galleryImages: number;
  signal?: AbortSignal;
}

/** Where a report goes that nobody named a file for. */
export const reportFileOf = (workspace: Workspace, { ending }: ReportFormat): string =>
  workspace.file('reports', `report${ending}`);

/** The report on the current sift run, as text. @throws MissingStageError when nothing was sifted yet, InterruptedError */
export async function renderReport(
  workspace: Workspace,
  options: ReportOptions,
): Promise<{ text: string; sift: string }> {
  const list = readPurifiedList(workspace);
  const report = buildReport(workspace, list, options.galleryImages);
  return { text: await written(workspace, list, report, options), sift: list.siftRun };
}

/** As {@link renderReport}, to a file, which is remembered: it shows faces. @throws PathError when `file` is a folder */
export async function reportTo(workspace: Workspace, file: string, options: ReportOptions): Promise<ReportResult> {
  refuseFolder(file);
  const { text, sift } = await renderReport(workspace, options);
  return kept(workspace, file, text, sift, options.format);
}

/** The HTML report in the workspace, unless the one that is there says the same. */
export async function report(context: StageContext): Promise<StageOutcome<ReportResult>> {
  const { workspace, config, signal, force } = context;
  const format = reportFormatOf('html');
  const file = reportFileOf(workspace, format);
  const list = readPurifiedList(workspace);
  const report = buildReport(workspace, list, config.report.galleryImages);
  const inputs = fingerprint(report);
  return doOnce({ ...context, force: force || !existsSync(file) }, 'report', { report: inputs }, async () => {
    context.progress.update('report', file);
    const text = await written(workspace, list, report, { format, galleryImages: config.report.galleryImages, signal });
    return kept(workspace, file, text, list.siftRun, format);
  });
}

async function written(
  workspace: Workspace,
  list: PurifiedList,
  report: Report,
  { format, signal }: ReportOptions,
): Promise<string> {
  if (!format.pictures) return format.write(report, { crops: new Map(), photos: new Map() });
  const crops = await drawPictures(workspace, slotsOf(list, shownPaths(report)), signal);
  return format.write(report, { crops, photos: await reportPhotos(report, list.images, signal) });
}

/** Where the crops of the named images lie, the reference set's included. */
function slotsOf({ images, dataset }: PurifiedList, paths: readonly string[]): Map<string, number> {
  const wanted = new Set(paths);
  const all = [...images.map(({ image }) => image), ...dataset.reference];
  return new Map(all.flatMap(({ path, slot }) => (wanted.has(path) ? [[path, slot] as const] : [])));
}

function kept(workspace: Workspace, file: string, text: string, sift: string, { name }: ReportFormat): ReportResult {
  const out = resolve(file);
  writePrivately(out, text);
  rememberReport(workspace, out, text);
  return { out, format: name, bytes: Buffer.byteLength(text), sift };
}

function refuseFolder(file: string): void {
  if (existsSync(file) && statSync(file).isDirectory())
    throw new PathError(`"${file}" is a folder; a report is one file.`, [`--out ${file}/report.html`]);
}
