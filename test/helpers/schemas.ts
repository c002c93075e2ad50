import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { expect } from 'vitest';
import { hasXmllint } from './installed.js';

/** Where .ci/run put schemas that others publish, and a Python that can hold documents to them. */
export const published = process.env.FACESIEVE_SCHEMAS;

/** Whether there is something here that can hold XML to an XML schema. */
export const canValidateXml = hasXmllint || published !== undefined;

export function expectValidXml(xml: string, schemaFile: string): void {
  const script = 'import sys, xmlschema; xmlschema.XMLSchema(sys.argv[1]).validate(sys.stdin.read())';
  const [program, args] = hasXmllint
    ? ['xmllint', ['--noout', '--schema', schemaFile, '-']]
    : [join(published!, 'venv/bin/python'), ['-c', script, schemaFile]];
  const { status, stderr } = spawnSync(program as string, args as string[], { input: xml, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
}

/** @param schemaFile JSON Schema of any draft up to 7: what they differ in is not used by ours */
export function expectValidJson(json: string, schemaFile: string): void {
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  formats.default(ajv);
  const schema = JSON.parse(readFileSync(schemaFile, 'utf8')) as Record<string, unknown>;
  delete schema.$schema;
  delete schema.id;
  const validate = ajv.compile(schema);
  expect(validate(JSON.parse(json)), JSON.stringify(validate.errors, null, 1)).toBe(true);
}

/** @param name of a schema that check-jsonschema carries */
export function expectValidYaml(file: string, name: string, ...flags: string[]): void {
  const program = join(published!, 'venv/bin/check-jsonschema');
  const { status, stdout } = spawnSync(program, ['--builtin-schema', name, ...flags, file], { encoding: 'utf8' });
  expect(status, stdout).toBe(0);
}
