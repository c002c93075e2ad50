import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Config } from '../../core/config.js';
import { refuseUnreadable } from '../../core/access.js';
import { type Progress } from '../../core/progress.js';
import { ConfigError } from '../../core/errors.js';
import { fingerprint } from '../../core/fingerprint.js';
import { distinctEntries } from './distinct-entries.js';
import { Findings } from './findings.js';
import type { ReadOptions, Source, SourceEntry } from './reader.js';
import { readerFor } from './readers.js';

/** Sources of one set and how to read them: enough to read them again later. */
export interface SourceSettings {
  source: string;
  /** More sources: PATH, or NAME=PATH for identities of their own. */
  also: string[];
  format: Config['ingest']['format'];
  options: ReadOptions;
}

export const sourceSettings = (config: Config, source: string, also: readonly string[] = []): SourceSettings => ({
  source: resolve(source),
  also: also.map(absoluteAlso),
  format: config.ingest.format,
  options: {
    maxFileBytes: config.ingest.maxFileBytes,
    root: config.ingest.root,
    pathColumn: config.ingest.pathColumn,
    identityColumn: config.ingest.identityColumn,
    identityDepth: config.ingest.identityDepth,
  },
});

/**
 * All sources as one. Paths of the further ones begin with `@NAME/`; identities of one that was given a name end in
 * `@NAME`, so that nobody is taken for a namesake. Names of people are in Unicode's composed form (NFC), so that two ways of
 * writing one name are one person; where a path comes again, the source's own number of the entry makes it another.
 * @param findings told what is understood of the sources
 * @throws PathError, FormatError, EmptyInputError, ConfigError
 */
export async function openSources(
  settings: SourceSettings,
  progress: Progress,
  findings = new Findings(),
): Promise<Source> {
  const main = await openOne(settings.source, settings, progress, findings);
  const others: { name: string; apart: boolean; source: Source }[] = [];
  for (const text of settings.also) {
    const { name, path, apart } = parseAlso(text);
    others.push({ name, apart, source: await openOne(path, settings, progress, findings) });
  }
  const names = others.map(({ name }) => name);
  if (new Set(names).size < names.length)
    throw new ConfigError(`Two further sources have the same name: ${names.join(', ')}.`, [
      'Call them --also NAME=PATH',
    ]);
  return {
    async stamp() {
      const stamps = [await main.stamp()];
      for (const { name, source } of others) stamps.push(name, await source.stamp());
      return fingerprint(stamps);
    },
    entries: () => distinctEntries(allEntries(main, others), findings),
  };
}

async function* allEntries(
  main: Source,
  others: readonly { name: string; apart: boolean; source: Source }[],
): AsyncGenerator<SourceEntry> {
  yield* main.entries();
  for (const { name, apart, source } of others)
    for await (const entry of source.entries()) yield renamed(entry, name, apart);
}

async function openOne(
  path: string,
  { format, options }: SourceSettings,
  progress: Progress,
  findings: Findings,
): Promise<Source> {
  refuseUnreadable(path, 'the source');
  const { reader, because } = readerFor(path, format);
  progress.note(`ingest: reading "${path}" as ${reader.name}: ${because}`);
  findings.format ??= reader.name; // the set's own source is opened first
  return reader.open(path, options, findings);
}

/** The path in PATH or NAME=PATH. */
export const pathOfAlso = (text: string): string => parseAlso(text).path;

/** A later command may be started in another folder. */
function absoluteAlso(text: string): string {
  const { name, path, apart } = parseAlso(text);
  return apart ? `${name}=${path}` : path;
}

function parseAlso(text: string): { name: string; path: string; apart: boolean } {
  const at = text.indexOf('=');
  if (at <= 0 || existsSync(text)) return { name: basename(text), path: resolve(text), apart: false };
  return { name: text.slice(0, at), path: resolve(text.slice(at + 1)), apart: true };
}

const renamed = (entry: SourceEntry, name: string, apart: boolean): SourceEntry => ({
  ...entry,
  path: `@${name}/${entry.path}`,
  ...(entry.own !== undefined && { own: `@${name}/${entry.own}` }),
  identity: apart && entry.identity !== '' ? `${entry.identity}@${name}` : entry.identity,
});
