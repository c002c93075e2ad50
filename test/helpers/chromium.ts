import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const executablePath = process.env.FACESIEVE_CHROMIUM ?? '/usr/bin/chromium';

/** Why there is no browser to test with; undefined when there is one. */
export const noChromium = existsSync(executablePath)
  ? undefined
  : `there is no ${executablePath}: install Chromium, or name one in FACESIEVE_CHROMIUM`;

export const launchChromium = (): Promise<Browser> => chromium.launch({ executablePath, args: ['--no-sandbox'] });
