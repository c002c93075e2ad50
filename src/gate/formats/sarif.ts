import { isAbsolute, relative } from 'node:path';
import { fingerprint } from '../../core/fingerprint.js';
import { programVersion } from '../../core/version.js';
import { jsonText, visibleText } from '../../core/text/visible-text.js';
import type { GateFormat } from '../format.js';
import { offenderLines, sentenceOf } from '../in-words.js';
import type { GateResult, JudgedRule } from '../judge.js';
import { gateRules } from '../rules.js';

/**
 * SARIF 2.1.0: a result for each rule that is broken (or fails the gate because it was not run), found where the images
 * and identities are that broke it, or where the rules file asks for it. A rule that was not run is a notification.
 */
export const sarifFormat: GateFormat = {
  name: 'sarif',
  write(result) {
    const ids = [...new Set(result.rules.map(({ id }) => id))];
    const told = result.rules.filter(({ outcome, failsGate }) => outcome === 'fail' || outcome === 'warn' || failsGate);
    const silent = result.rules.filter((rule) => rule.outcome === 'not-run' && !rule.failsGate);
    const run = {
      tool: { driver: { name: 'facesieve', version: programVersion(), rules: ids.map(ruleMetadata) } },
      automationDetails: { id: 'facesieve-gate/' },
      originalUriBaseIds: { SOURCE: { description: { text: 'What was ingested: the crawl.' } } },
      columnKind: 'utf16CodeUnits',
      invocations: [{ executionSuccessful: true, toolExecutionNotifications: silent.map(notification) }],
      results: told.map((rule) => resultOf(rule, result, ids)),
    };
    const log = {
      $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
      version: '2.1.0',
      runs: [run],
    };
    return jsonText(log);
  },
};

function ruleMetadata(id: string): object {
  const { describe, bounds } = gateRules.find((rule) => rule.id === id)!;
  const text = `Gate rule ${id}, held to ${bounds.join(' and ')}: ${describe}.`;
  return {
    id,
    name: id.replace(/(^|-)(.)/g, (_, __, letter: string) => letter.toUpperCase()),
    shortDescription: { text: describe },
    fullDescription: { text },
    help: { text: `${text} docs/gate.md says how it is measured.` },
    defaultConfiguration: { level: 'error' },
  };
}

function resultOf(rule: JudgedRule, result: GateResult, ids: readonly string[]): object {
  const offending = rule.offenders.map((offender) => ({
    ...(offender.kind === 'image' ? imagePlace(offender.name) : rulePlace(rule, result)),
    ...(offender.kind === 'identity' && { logicalLocations: [{ name: visibleText(offender.name), kind: 'identity' }] }),
    message: { text: `${visibleText(offender.name)}: ${visibleText(offender.detail)}` },
  }));
  const asked = rulePlace(rule, result);
  return {
    ruleId: rule.id,
    ruleIndex: ids.indexOf(rule.id),
    level: rule.failsGate ? 'error' : 'warning',
    message: { text: [sentenceOf(rule), ...offenderLines(rule)].join('\n') },
    locations: offending.length > 0 ? offending : [asked],
    ...(offending.length > 0 && { relatedLocations: [{ id: 1, ...asked, message: { text: 'what is asked for' } }] }),
    partialFingerprints: { 'facesieveRule/v1': stableName(rule, result) },
    properties: { actual: rule.actual, expected: rule.expected, offenders: rule.offenderCount },
  };
}

/** The same rule broken again is the same finding, whatever its figure, its bound and its offenders are now. */
function stableName(rule: JudgedRule, { rules }: GateResult): string {
  const alike = rules.filter(({ id, severity }) => id === rule.id && severity === rule.severity);
  return fingerprint([rule.id, rule.severity, alike.indexOf(rule)]);
}

const notification = (rule: JudgedRule): object => ({
  level: 'note',
  message: { text: sentenceOf(rule) },
  associatedRule: { id: rule.id },
});

const imagePlace = (path: string): object => ({
  physicalLocation: { artifactLocation: { uri: uriOf(path), uriBaseId: 'SOURCE' } },
});

const rulePlace = ({ line }: JudgedRule, { rulesFile }: GateResult): object => ({
  physicalLocation: { artifactLocation: { uri: uriOf(belowHere(rulesFile!)) }, region: { startLine: line } },
});

/** Scanners look files up below the folder that they run in. */
const belowHere = (file: string): string => {
  const below = relative('.', file);
  return below === '' || below.startsWith('..') || isAbsolute(below) ? file : below;
};

/** A relative URI reference; half characters become the replacement character. */
const uriOf = (path: string): string =>
  path
    .replace(/\p{Cs}/gu, '\ufffd')
    .split(/[\\/]/)
    .map(encodeURIComponent)
    .join('/');
