import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Config } from '../../core/config.js';
import { type Progress } from '../../core/progress.js';
import { ConfigError } from '../../core/errors.js';
import { fingerprint } from '../../core/fingerprint.js';
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
  },
});

/**
 * All sources as one. Paths of the further ones begin with `@NAME/`; identities of one that was given a name end in
 * `@NAME`, so that nobody is taken for a namesake. @throws PathError, FormatError, EmptyInputError, ConfigError
 */
export async function openSources(settings: SourceSettings, progress: Progress): Promise<Source> {
  const main = await openOne(settings.source, settings, progress);
  const others: { name: string; apart: boolean; source: Source }[] = [];
  for (const text of settings.also) {
    const { name, path, apart } = parseAlso(text);
    others.push({ name, apart, source: await openOne(path, settings, progress) });
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
    async *entries() {
      yield* main.entries();
      for (const { name, apart, source } of others)
        for await (const entry of source.entries()) yield renamed(entry, name, apart);
    },
  };
}

async function openOne(path: string, { format, options }: SourceSettings, progress: Progress): Promise<Source> {
  const { reader, because } = readerFor(path, format);
  progress.note(`ingest: reading "${path}" as ${reader.name}: ${because}`);
  return reader.open(path, options);
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
  identity: apart && entry.identity !== '' ? `${entry.identity}@${name}` : entry.identity,
});
