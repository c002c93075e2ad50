import { Flags } from '@oclif/core';

/** Flags that say where pairs come from. */
export const pairFlags = {
  pairs: Flags.string({
    summary: "CSV of image pairs (path1,path2,same), LFW's pairs.txt, or insightface's .bin.",
  }),
  root: Flags.string({
    summary: "Folder that contains the images of --pairs. [default: the file's own, then SOURCE]",
    dependsOn: ['pairs'],
  }),
  templates: Flags.string({
    summary: 'CSV of templates (template_id,path,media_id); --pairs then has template1,template2,same.',
    dependsOn: ['pairs'],
  }),
};
