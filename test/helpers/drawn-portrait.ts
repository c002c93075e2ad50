import { ordinary } from '../../src/synthetic/demo/conditions.js';
import { drawFace } from '../../src/synthetic/demo/draw-face.js';
import { makePerson } from '../../src/synthetic/demo/person.js';
import { randomOf } from '../../src/core/random.js';
import { encodePng } from '../../src/images/encode.js';

const SIDE = 200;

/** PNG, square, of a drawn person as the demo draws them; every take is another moment. */
export function portraitOf(person: string, take: number, side = SIDE): Promise<Buffer> {
  const random = randomOf('drawn portrait', person, take);
  return encodePng(drawFace(makePerson(randomOf('drawn person', person)), ordinary(random), side, random));
}
