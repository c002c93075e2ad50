import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { expect } from 'vitest';

/** Whether there is something here that can hold XML to an XML schema. */
export const canValidateXml = spawnSync('xmllint', ['--version']).status === 0;

export function expectValidXml(xml: string, schemaFile: string): void {
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--schema', schemaFile, '-'], {
    input: xml,
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
}

/** @param schemaFile JSON Schema of any draft up to 7: what they differ in is not used by ours */
export function expectValidJson(json: string, schemaFile: string): void {
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  formats.default(ajv);
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(schemaFile, 'utf8')) as Record<string, unknown>;
  const validate = ajv.compile(schema);
  expect(validate(JSON.parse(json)), JSON.stringify(validate.errors, null, 1)).toBe(true);
}
