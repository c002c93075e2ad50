import { zipSync } from 'fflate';
import { FormatError } from '../../core/errors.js';
import type { Answer, DecisionFormat } from './format.js';
import { textOf } from './imported-file.js';
import { type Members, membersOf } from './members.js';
import { cvatLabels, readCvatXml, writeCvatXml } from './cvat-xml.js';
import { folderAnswers, isListing, listingAnswers, writeListing } from './imagenet-listing.js';

/**
 * CVAT (https://docs.cvat.ai/docs/manual/advanced/formats/). Written: "CVAT for images 1.1" as XML, or, to a .zip, the list of
 * "ImageNet 1.0". Read: both, the XML zipped or not, and folders of images named for verdicts.
 */
export const cvatFormat: DecisionFormat = {
  name: 'cvat',
  endings: ['.xml', '.zip'],
  write(decisions, { name, urlPrefix }) {
    if (name.toLowerCase().endsWith('.zip'))
      return [{ name, content: zipSync(writeListing(decisions, urlPrefix), { mtime: '1980-01-01' }) }];
    return [
      { name, content: writeCvatXml(decisions, urlPrefix) },
      { name: 'cvat-labels.json', content: `${JSON.stringify(cvatLabels, null, 2)}\n` },
    ];
  },
  recognises(file) {
    const names = file.isFolder ? file.names() : [];
    return file.endsIn('.xml', '.zip') || isListing(names) || folderAnswers(names).length > 0;
  },
  async read(file): Promise<Answer[]> {
    if (file.endsIn('.xml')) return readCvatXml(file.text(), file.path);
    const members = await membersOf(file);
    const xml = members.names.filter((name) => name.toLowerCase().endsWith('.xml'));
    if (xml.length > 0) return xmlAnswers(xml, members, file.path);
    const answers = isListing(members.names) ? await listingAnswers(members) : folderAnswers(members.names);
    if (answers.length > 0) return answers.map((answer) => ({ ...answer, place: `${file.path}, ${answer.place}` }));
    throw new FormatError(`"${file.path}" holds no annotations: no .xml, no list, no folder named for a verdict.`, [
      'Export from CVAT as "CVAT for images 1.1" or "ImageNet 1.0".',
    ]);
  },
};

async function xmlAnswers(names: readonly string[], members: Members, archive: string): Promise<Answer[]> {
  const answers: Answer[][] = [];
  for (const name of names) answers.push(readCvatXml(textOf(await members.read(name), name), `${archive}, ${name}`));
  return answers.flat();
}
