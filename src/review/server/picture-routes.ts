import { type Context, Hono } from 'hono';
import { defaults } from '../../core/config.js';
import { sha256 } from '../../core/fingerprint.js';
import { cropBytes } from '../../core/crop-geometry.js';
import { CropReader } from '../../images/crop-file.js';
import { encodeJpeg } from '../../images/encode.js';
import { photoOf } from '../../images/photo.js';
import { readPlace } from '../../formats/dataset/read-place.js';
import type { Place } from '../../formats/dataset/reader.js';
import { checkedCropFile } from '../../workspace/check-crops.js';
import { cropGeometryOf } from '../../workspace/dataset.js';
import { findImage, hasCrop } from '../../workspace/images.js';
import type { Workspace } from '../../workspace/workspace.js';
import { RecentlyUsed } from './recently-used.js';

/** Thumbnails kept in memory, some 3 kB each. */
const KEPT = 4000;
/** Longer side of a whole photograph on the page. */
const PHOTO_SIDE = 1200;
/** And beside the question. */
const SMALL_SIDE = 480;
/** The page asks for pictures with the version of the decisions, so that an old one is never shown for a new one. */
const HOUR = 'private, max-age=3600';

/** Faces and photographs, by numbers that the database knows: no name or path of the client's opens anything. */
export function pictureRoutes(workspace: Workspace, version: () => string): Hono {
  const app = new Hono();
  const faces = new RecentlyUsed<Buffer>(KEPT);

  app.get('/faces/:slot{[0-9]{1,9}}', async (c) => {
    const slot = Number(c.req.param('slot'));
    if (!hasCrop(workspace, slot)) return c.json({ error: 'There is no such face.' }, 404);
    return jpeg(c, await faces.get(`${version()} ${slot}`, () => faceOf(workspace, slot)));
  });

  app.get('/photos/:id{[0-9]{1,9}}', async (c) => {
    const image = findImage(workspace, Number(c.req.param('id')));
    if (!image) return c.json({ error: 'There is no such image.' }, 404);
    if (image.place === null)
      return c.json({ error: 'Its archive can only be read from start to end, which is too slow here.' }, 404);
    const bytes = originalOf(JSON.parse(image.place) as Place);
    if (!bytes || sha256(bytes) !== image.sha256)
      return c.json({ error: 'The photograph is not where it was, or is another one now.' }, 404);
    const side = c.req.query('small') === undefined ? PHOTO_SIDE : SMALL_SIDE;
    return jpeg(c, await encodeJpeg(await photoOf(bytes, defaults.ingest.maxPixels, side), 88));
  });
  return app;
}

const jpeg = (c: Context, bytes: Buffer): Response =>
  c.body(new Uint8Array(bytes), 200, { 'Content-Type': 'image/jpeg', 'Cache-Control': HOUR });

function faceOf(workspace: Workspace, slot: number): Promise<Buffer> {
  const { size } = cropGeometryOf(workspace);
  const crops = new CropReader(checkedCropFile(workspace), size);
  try {
    const data = new Uint8Array(cropBytes(size));
    crops.readInto(slot, data);
    return encodeJpeg({ data, width: size, height: size });
  } finally {
    crops.close();
  }
}

function originalOf(place: Place): Uint8Array | undefined {
  try {
    return readPlace(place, defaults.ingest.maxFileBytes);
  } catch {
    return undefined;
  }
}
