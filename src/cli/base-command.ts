import { Command, Flags, type Interfaces } from '@oclif/core';
import type { z } from 'zod';
import { FacesieveError, SettingError, UsageError } from '../core/errors.js';
import { onFirstInterrupt } from '../core/interrupt.js';
import { resolveConfig } from '../core/resolve-config.js';
import type { Config } from '../core/config.js';
import { explainSystemError } from '../core/system-errors.js';
import { refuseHalfForgotten } from '../workspace/erase/tombstones.js';
import type { StageContext } from '../workspace/stage.js';
import { settingsOf } from '../losses/loss-settings.js';
import { lookIntoWorkspace, openWorkspace, type Workspace } from '../workspace/workspace.js';
import { jsonText, visibleLines, visibleText } from '../core/text/visible-text.js';
import { writeOut } from './output.js';
import { readConfigFile, readPreset } from './config-files.js';
import { computeFlags, layerOf } from './config-flags.js';
import { errorReport, errorText, exitCodeOf, isUsage } from './exit-codes.js';
import { fitAdvice, type KnownCommand } from './advice.js';
import { workspaceOption } from './next-steps.js';
import { usageAdvice } from './usage-advice.js';
import { terminalProgress } from './terminal-progress.js';

type FlagValues<T extends typeof Command> = Interfaces.InferredFlags<(typeof BaseCommand)['baseFlags'] & T['flags']>;
type ArgValues<T extends typeof Command> = Interfaces.InferredArgs<T['args']>;

/**
 * What all commands share: common flags, config, Ctrl-C, progress, exit codes.
 * - The first Ctrl-C lets the unit of work at hand finish and keeps it; the second stops at once.
 * - Exit codes are set, never forced: output into a pipe must get through.
 * - Nothing is printed but through `log`, `note`, `writeDocument`, `logJson` and the texts of errors: there, what a name
 *   could tell the terminal is escaped.
 */
export abstract class BaseCommand<T extends typeof Command> extends Command {
  static override enableJsonFlag = true;

  /** What `--json` prints; schemas/ holds it as JSON Schema. */
  static resultSchema: z.ZodType;

  /** True for the commands that a workspace begins with. */
  static createsWorkspace = false;

  /** True for the command that an interrupted `forget` is finished by; no other may look at what is half forgotten. */
  static finishesForgetting = false;

  static override baseFlags = {
    workspace: Flags.directory({
      char: 'w',
      summary: 'Folder that stores everything about one dataset.',
      env: 'FACESIEVE_WORKSPACE',
      default: '.facesieve',
      helpGroup: 'GLOBAL',
    }),
    config: Flags.string({ summary: 'JSON file of settings.', env: 'FACESIEVE_CONFIG', helpGroup: 'GLOBAL' }),
    preset: Flags.string({
      summary: 'Named settings: demo, laptop, paper.',
      env: 'FACESIEVE_PRESET',
      helpGroup: 'GLOBAL',
    }),
    ...computeFlags,
    quiet: Flags.boolean({ summary: 'No progress and no notes.', helpGroup: 'GLOBAL' }),
  };

  protected flags!: FlagValues<T>;
  protected args!: ArgValues<T>;
  /** Whether a workspace was named, on the command line or by the environment. */
  protected namesWorkspace = false;
  private readonly abort = new AbortController();
  private stopListening = (): void => undefined;
  protected progress = terminalProgress(process.stderr, false);

  override async init(): Promise<void> {
    await super.init();
    this.stopListening = onFirstInterrupt(this.interrupt);
    const { flags, args, metadata } = await this.parse({
      flags: this.ctor.flags,
      baseFlags: (super.ctor as typeof BaseCommand).baseFlags,
      args: this.ctor.args,
      strict: this.ctor.strict,
      enableJsonFlag: this.ctor.enableJsonFlag,
    });
    this.namesWorkspace = metadata.flags.workspace?.setFromDefault !== true;
    this.flags = flags as FlagValues<T>;
    this.args = args as ArgValues<T>;
    this.progress = terminalProgress(process.stderr, this.flags.quiet);
  }

  private readonly interrupt = (): void => {
    this.progress.note('stopping as soon as the work at hand is safe; Ctrl-C again stops at once');
    this.abort.abort();
  };

  /** Defaults < preset < config file < flags and their environment variables. */
  protected settings(base: Record<string, unknown> = {}): Config {
    const flags: { preset?: string; config?: string } = this.flags;
    const preset = flags.preset ? readPreset(flags.preset) : {};
    const file = flags.config ? readConfigFile(flags.config) : {};
    const given = layerOf(this.flags, { ...this.ctor.baseFlags, ...this.ctor.flags });
    try {
      const config = resolveConfig(base, preset, file, given);
      settingsOf(config.train); // a loss's settings are its own to check
      return config;
    } catch (error) {
      throw error instanceof SettingError ? this.byFlag(error) : error;
    }
  }

  /** The error about the flag that set the value, if one did. */
  private byFlag(error: SettingError): FacesieveError {
    const flag = error.setting.at(-1)!.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if ((this.flags as Record<string, unknown>)[flag] === undefined) return error;
    return new UsageError(`--${flag} ${error.problem}.`, error.suggestions);
  }

  /** Every command with its flags, the common ones included. */
  private knownCommands(): KnownCommand[] {
    return this.config.commands
      .filter(({ hidden, pluginName }) => !hidden && pluginName === this.config.name)
      .map(({ id, flags }) => ({ id: id.replaceAll(':', ' '), flags: Object.keys(flags) }));
  }

  /** Runs `work` as the only writer of the workspace. */
  protected async asWriter<R>(work: (context: StageContext) => Promise<R>, base?: Record<string, unknown>): Promise<R> {
    const config = this.settings(base);
    const workspace = openWorkspace(this.flags.workspace, (this.ctor as typeof BaseCommand).createsWorkspace);
    const force = Boolean((this.flags as { force?: boolean }).force);
    try {
      if (!(this.ctor as typeof BaseCommand).finishesForgetting) refuseHalfForgotten(workspace);
      return await work({ workspace, config, progress: this.progress, signal: this.abort.signal, force });
    } finally {
      workspace.close();
    }
  }

  /** Runs `work` beside whoever writes. */
  protected async asReader<R>(work: (workspace: Workspace, config: Config) => Promise<R> | R): Promise<R> {
    const config = this.settings();
    const workspace = lookIntoWorkspace(this.flags.workspace);
    try {
      refuseHalfForgotten(workspace);
      return await work(workspace, config);
    } finally {
      workspace.close();
    }
  }

  protected get signal(): AbortSignal {
    return this.abort.signal;
  }

  protected note(text: string): void {
    this.progress.note(text);
  }

  /** Prints each of `lines` on a line of its own, escaped by `visibleText`: a newline inside of one begins no other. */
  override log(...lines: string[]): void {
    if (!this.jsonEnabled()) for (const line of lines) process.stdout.write(`${visibleText(line)}\n`);
  }

  /** As {@link log}, to stderr. */
  override logToStderr(...lines: string[]): void {
    if (!this.jsonEnabled()) for (const line of lines) process.stderr.write(`${visibleText(line)}\n`);
  }

  override warn(input: Error | string): Error | string {
    this.logToStderr(`Warning: ${typeof input === 'string' ? input : input.message}`);
    return input;
  }

  /** The same value as oclif would print; what a terminal obeys is written as JSON's own escapes. */
  protected override logJson(json: unknown): void {
    process.stdout.write(jsonText(json));
  }

  /**
   * Writes a document to stdout: exactly as it is into a file or pipe, since programs read it; on a terminal, what
   * cannot be seen is shown as an escape.
   */
  protected writeDocument(content: string | Uint8Array): void {
    if (typeof content === 'string' && process.stdout.isTTY) process.stdout.write(visibleLines(content));
    else writeOut(content);
  }

  override catch(raised: Error & { oclif?: { exit?: number } }): Promise<void> {
    if (raised.oclif?.exit === 0) return super.catch(raised); // --help, --version
    const error = explainSystemError(raised, { path: this.flags?.workspace });
    const id = (this.id ?? '').replaceAll(':', ' ');
    const option = this.flags === undefined ? '' : workspaceOption(this.flags.workspace);
    if (error instanceof FacesieveError)
      error.suggestions = error.suggestions.map((text) => fitAdvice(text, id, this.knownCommands(), option));
    const advice = isUsage(error) ? usageAdvice(error, id, this.knownCommands()) : [];
    this.progress.done();
    process.exitCode = exitCodeOf(error);
    if (this.jsonEnabled()) this.logJson(errorReport(error, advice));
    else process.stderr.write(`${errorText(error, this.argv, advice)}\n`);
    return Promise.resolve();
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    this.stopListening();
    this.progress.done();
    await super.finally(error);
  }
}

export const forceFlag = { force: Flags.boolean({ summary: 'Do it again even if it was done already.' }) };
