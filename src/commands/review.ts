import { Flags } from '@oclif/core';
import { z } from 'zod';
import { BaseCommand } from '../cli/base-command.js';
import { openBrowser } from '../cli/open-browser.js';
import { reviewerFlag, reviewerName } from '../cli/reviewer.js';
import { aborted } from '../core/interrupt.js';
import { serveReview } from '../review/serve-review.js';

export const reviewSchema = z.object({ url: z.string() });

export default class Review extends BaseCommand<typeof Review> {
  static override resultSchema = reviewSchema;
  static override summary = 'Go through the uncertain images on a local page, by keyboard.';
  static override description = `The page is for this machine alone: it listens on 127.0.0.1 and opens with the printed link.
Every verdict is stored at once, takes precedence in every later run, and can be undone. Ctrl-C ends the server.`;
  static override flags = {
    port: Flags.integer({ summary: 'Port. [default: any free port]', min: 0, max: 65535, default: 0 }),
    'no-open': Flags.boolean({ summary: 'Do not open a browser; only print the link, as --json does.' }),
    ...reviewerFlag,
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --port 8077 --no-open --reviewer ada',
  ];

  private announced = false;

  async run(): Promise<z.infer<typeof reviewSchema>> {
    return this.asReader(async (workspace) => {
      const { url, close } = await serveReview(workspace, this.flags.port, reviewerName(this.flags.reviewer));
      this.announce(url);
      await aborted(this.signal);
      await close();
      return { url };
    });
  }

  /** Whoever waits for the link gets it now; the result is not printed again at the end. */
  private announce(url: string): void {
    this.log(`review page: ${url}`);
    this.logJson({ url });
    this.announced = true;
    if (!this.flags['no-open'] && !this.jsonEnabled()) openBrowser(url);
    this.note('Ctrl-C ends it; every verdict is stored as soon as it is given');
  }

  protected override logJson(json: unknown): void {
    if (this.jsonEnabled() && !this.announced) super.logJson(json);
  }
}
