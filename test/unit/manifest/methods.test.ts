/** The manifest's methods and their options are those of the list, in both languages. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import * as v from 'valibot';
import manifest from '../../../package.json' with { type: 'json' };
import { attributionMethods, methodOptionNames, methodOptions } from '../../../src/protocol/methods.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const languages = ['package.nls.json', 'package.nls.zh-cn.json'].map(
  (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Record<string, string>,
);

interface Property {
  type?: string;
  default?: unknown;
  enum?: string[];
  enumDescriptions?: string[];
  anyOf?: Property[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  markdownDescription?: string;
}

const { configuration, languageModelTools } = manifest.contributes;
const properties: Record<string, Property> = Object.assign(
  {},
  ...configuration.map((part) => part.properties),
);

test('the setting offers every method once, each with its words in both languages', () => {
  const setting = properties['whytoken.method']!;
  assert.deepEqual(setting.enum!.toSorted(), attributionMethods.toSorted());
  const keys = setting.enum!.map((method) => `setting.method.${method.replaceAll(':', '.')}`);
  assert.deepEqual(
    setting.enumDescriptions,
    keys.map((key) => `%${key}%`),
  );
  for (const texts of languages) {
    const words = keys.map((key) => texts[key]);
    assert.ok(
      words.every((one) => one !== undefined && one !== ''),
      `${words}`,
    );
    assert.equal(new Set(words).size, words.length);
  }
  assert.ok(setting.enum!.includes(String(setting.default)));
});

test('the tool that explains offers every method once', () => {
  const tool = languageModelTools.find(({ name }) => name === 'whytoken_explain_text')!;
  const offered = tool.inputSchema.properties as Record<string, Property>;
  assert.deepEqual(offered.method!.enum!.toSorted(), attributionMethods.toSorted());
});

test('an option’s setting has its default and its bounds, and words in both languages', () => {
  let settings = 0;
  for (const name of methodOptionNames) {
    const { setting, schema, fallback } = methodOptions[name];
    if (setting === null) continue;
    settings++;
    const property = properties[`whytoken.${setting}`];
    assert.ok(property, setting);
    assert.equal(property.default, fallback, setting);
    assert.equal(property.markdownDescription, `%setting.${setting}%`);
    for (const texts of languages) assert.ok(texts[`setting.${setting}`], setting);
    const number = property.anyOf?.find(({ type }) => type !== 'string') ?? property;
    const { minimum, maximum, exclusiveMinimum, type } = number;
    assert.equal(exclusiveMinimum, undefined);
    const step = type === 'integer' ? 1 : 1e-9;
    assert.ok(v.is(schema, minimum) && v.is(schema, maximum), setting);
    assert.ok(!v.is(schema, minimum! - step) && !v.is(schema, maximum! + step), setting);
  }
  assert.ok(settings > 0);
});
