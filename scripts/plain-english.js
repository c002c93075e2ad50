// What our texts avoid, for the prose linter (scripts/prose) and its test: private words, archaic turns, long sentences.

const unit =
  'image|face|crop|person|identity|name|pair|class|centre|step|epoch|round|run|stage|second|minute|hour|day|file|folder|line|row|loss|gallery|network|kind|process|thread|medium|task|rule|group|format|machine|side';
const counted =
  'images|faces|crops|people|identities|pairs|classes|centres|sub-centres|steps|epochs|rounds|runs|rows|files|folders|lines|vectors|weights|results|seconds|milliseconds|ms|bytes|pixels|products|nodes|errors|decisions|opinions';
const small = 'about|and|as|at|back|by|does|for|from|gets|has|in|into|is|nor|of|on|or|than|to|with|without|was';

/** Each turn that we avoid, as a pattern of whole words (a part of a hyphenated identifier is not a word), and what to write instead. */
const turns = [
  ['(has|have|had) (a|no) say', 'say what is or is not involved'],
  ['(is|are|was|were) told so', 'say who is told what: "prints", "reports"'],
  ['of (its|their|his|her) own', '"its own ...", "a separate ..."'],
  ['as (it|they) stands?', '"unchanged", "literally"'],
  ["nobody's|is nobody|are nobody", '"unknown person", "of no identity in the dataset"'],
  ['what is done is not done twice', '"finished stages are skipped"'],
  ['heed(s|ed|ing)?', '"apply", "use"'],
  ['whoever', '"anyone who", "the person who"'],
  ['spoil(s|t|ed|ing)?', '"inject noise into"'],
  ['weigh(s|ed|ing)?( the| all)? evidence|evidence weighed', '"compute the evidence"'],
  ['rivals?', '"nearest other class"'],
  ['likeness(es)?', '"similarity"'],
  ['stands? under', '"is labelled as"'],
  ['for ever|for good', '"permanently"'],
  ['(a|the) bars? (of|from|at)|(that|this) bar', '"threshold"'],
  ['a home', '"a sub-centre of ... alone"'],
  ['to the letter', '"exactly"'],
  ['somebody else|anybody else', '"another person"'],
  ['by its making|by their making', '"by design"'],
  ['reckon(s|ed|ing)?', '"compute"'],
  ['befits?|betwixt|thereof|hither|lest|save for|withal|nought', 'a modern word'],
  ['(lies|lie) beside', '"is next to"'],
  ['what (becomes|became) of', '"what happens to"'],
  ['(what|which) is none', '"what is not a ..."'],
  ['(is|are) no (verdict|answer|photographs?|faces?|cosine|drift|candidates?)', '"is not a ..."'],
  ['but for', '"except for"'],
  [`(${counted}) an? (${unit})`, '"per"'],
  [`(an?|one|two|three) ((?!(?:${small})\\b)[\\w-]+ ){1,2}an? (${unit})`, '"per"'],
  [`(a share|share|figure|cost) a (${unit})`, '"per"'],
];
const patterns = turns.map(([turn, instead]) => ({
  pattern: new RegExp(`(?<![\\w-])(?:${turn.replaceAll(' ', '\\s+')})(?![\\w-])`, 'gi'),
  instead,
}));

export const longestSentence = 40; // words

/**
 * Returns the faults of a piece of prose, in order of their place.
 *
 * @param {string} text prose with code and addresses masked
 * @param {{ sentences?: boolean }} options `sentences: false` for headings and table cells, which are not sentences
 * @returns {{ index: number, message: string }[]} `index` counts characters from the start of `text`
 */
export function proseFaults(text, { sentences = true } = {}) {
  return [...turnFaults(text), ...repeatedWords(text), ...(sentences ? longSentences(text) : [])].sort(
    (a, b) => a.index - b.index,
  );
}

function turnFaults(text) {
  return patterns.flatMap(({ pattern, instead }) =>
    [...text.matchAll(pattern)].map(({ index, 0: found }) => ({
      index,
      message: `"${found.replace(/\s+/g, ' ')}": write ${instead}`,
    })),
  );
}

function repeatedWords(text) {
  return [...text.matchAll(/\b([a-z]+)\s+\1\b/gi)].map(({ index, 1: word }) => ({
    index,
    message: `"${word}" is repeated`,
  }));
}

/** A sentence ends with . ! or ? before white space and a capital, a digit, a bracket or a mark of emphasis. */
function longSentences(text) {
  const faults = [];
  let index = 0;
  for (const sentence of text.split(/(?<=[.!?][)*"]*)(?=\s+[A-Z0-9`(*"_■])/)) {
    const words = sentence.match(/[\p{L}\p{N}■][^\s]*/gu)?.length ?? 0;
    const start = index + sentence.search(/\S|$/);
    if (words > longestSentence)
      faults.push({
        index: start,
        message: `a sentence of ${words} words: make two of it (at most ${longestSentence})`,
      });
    index += sentence.length;
  }
  return faults;
}
