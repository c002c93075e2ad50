import { XMLBuilder } from 'fast-xml-parser';
import { visibleText } from '../../core/text/visible-text.js';
import type { GateFormat } from '../format.js';
import { countOf, offenderLines, sentenceOf } from '../in-words.js';
import type { JudgedRule } from '../judge.js';

/**
 * One test case a rule, in what Jenkins' and Surefire's schemas have in common: a rule that fails the gate is a failure,
 * one that was not run is skipped, a warning is a passed test with output.
 */
export const junitFormat: GateFormat = {
  name: 'junit',
  write(result) {
    const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', format: true });
    const failures = result.rules.filter(({ failsGate }) => failsGate).length;
    const skipped = result.rules.filter(({ outcome, failsGate }) => outcome === 'not-run' && !failsGate).length;
    const properties = {
      property: [
        { '@name': 'rules', '@value': visibleText(result.rulesFile ?? '') },
        { '@name': 'warnings', '@value': countOf(result, 'warn') },
      ],
    };
    const counts = { '@tests': result.rules.length, '@errors': 0, '@skipped': skipped, '@failures': failures };
    const testsuite = {
      ...{ '@name': 'facesieve gate', '@time': '0', ...counts },
      ...{ properties, testcase: result.rules.map(testCase) },
    };
    const declaration = { '@version': '1.0', '@encoding': 'UTF-8' };
    return builder.build({ '?xml': declaration, testsuite });
  },
};

function testCase(rule: JudgedRule): object {
  const base = { '@name': `${rule.id} ${rule.expected}`, '@classname': 'facesieve.gate', '@time': '0' };
  const text = [sentenceOf(rule), ...offenderLines(rule)].join('\n');
  if (rule.failsGate)
    return { ...base, failure: { '@message': sentenceOf(rule), '@type': rule.outcome, '#text': text } };
  if (rule.outcome === 'not-run') return { ...base, skipped: { '@message': sentenceOf(rule) } };
  return rule.outcome === 'warn' ? { ...base, 'system-out': text } : base;
}
