import { verdictNames } from '../../core/records.js';
import type { DecisionFormat, ExportedDecision } from './format.js';
import { labelStudioAnswers } from './label-studio-answers.js';
import { givenVerdictOf, type Suggestion, suggestionOf, sureness } from './suggestion.js';

/** Names of the controls in the labeling config; not those of a task's data, which json-min puts beside them. */
export const VERDICT = 'verdict';
export const NEW_IDENTITY = 'new_identity';
export const RIGHT_FACE = 'right_face';

/** A key for each choice, none twice. */
const hotkeys: Record<(typeof verdictNames)[number], string> = {
  keep: 'k',
  hard: 'h',
  drop: 'd',
  relabel: 'r',
  duplicate: 'c',
  'wrong-face': 'f',
};

const labelingConfig = `<View>
  <Header value="$identity"/>
  <Image name="image" value="$image" zoom="true"/>
  <Text name="reason" value="$reason"/>
  <Choices name="${VERDICT}" toName="image" choice="single" required="true" showInline="true">
${verdictNames.map((name) => `    <Choice value="${name}" hotkey="${hotkeys[name]}"/>`).join('\n')}
  </Choices>
  <TextArea name="${NEW_IDENTITY}" toName="image" rows="1" maxSubmissions="1" required="true" placeholder="whose image it is"
            visibleWhen="choice-selected" whenTagName="${VERDICT}" whenChoiceValue="relabel"/>
  <View visibleWhen="choice-selected" whenTagName="${VERDICT}" whenChoiceValue="wrong-face">
    <Header value="The number of the right face, as the report and the review page count them" size="6"/>
    <Number name="${RIGHT_FACE}" toName="image" min="1" required="true"/>
  </View>
</View>
`;

/**
 * Label Studio's tasks (https://labelstud.io/guide/tasks): our decisions are predictions, verdicts that there are already
 * are annotations. The labeling config that they are made for lies beside them.
 */
export const labelStudioFormat: DecisionFormat = {
  name: 'label-studio',
  endings: ['.json'],
  write: (decisions, { name, urlPrefix }) => [
    { name, content: `${JSON.stringify(decisions.map((decision) => taskOf(decision, urlPrefix)))}\n` },
    { name: 'labeling-config.xml', content: labelingConfig },
  ],
  recognises: (file) => file.endsIn('.json') && Array.isArray(file.json()),
  read: labelStudioAnswers,
};

function taskOf({ record }: ExportedDecision, urlPrefix: string): object {
  const { path, identity, decision, reason, suggested_identity, p_noise, rival_identity, run } = record;
  const suggestion = suggestionOf(record);
  const given = givenVerdictOf(record);
  const url = urlPrefix + String(path).split('/').map(encodeURIComponent).join('/');
  return {
    data: { image: url, path, identity, decision, reason, suggested_identity, p_noise, rival_identity },
    predictions: [
      { model_version: `facesieve ${run}`, score: sureness(record), result: suggestion ? resultOf(suggestion) : [] },
    ],
    ...(given && { annotations: [{ result: resultOf(given) }] }),
  };
}

const resultOf = ({ verdict, identity, face }: Suggestion): object[] => [
  { from_name: VERDICT, to_name: 'image', type: 'choices', value: { choices: [verdict] } },
  ...(identity ? [{ from_name: NEW_IDENTITY, to_name: 'image', type: 'textarea', value: { text: [identity] } }] : []),
  ...(face ? [{ from_name: RIGHT_FACE, to_name: 'image', type: 'number', value: { number: Number(face) } }] : []),
];
