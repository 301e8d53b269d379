import { type JsonObject, objectOf, objectsOf, textOf } from './untrusted.ts';

/** What Google's schema language has in common with JSON Schema, word for word. Any other keyword is an error to it. */
const shared = [
  'title',
  'description',
  'minItems',
  'maxItems',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'pattern',
];

/** A tool's JSON Schema in Google's subset; undefined when there are no parameters, which it wants left out. */
export function googleParameters(schema: JsonObject): JsonObject | undefined {
  const converted = googleSchema(schema);
  return Object.keys(objectOf(converted.properties) ?? {}).length > 0 ? converted : undefined;
}

function googleSchema(schema: JsonObject): JsonObject {
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type]).map(textOf).filter((type) => type !== '');
  const alternatives = objectsOf(schema.anyOf ?? schema.oneOf);
  const real = alternatives.filter((alternative) => alternative.type !== 'null');
  const isNullable = schema.nullable === true || types.includes('null') || real.length < alternatives.length;
  const type = types.find((each) => each !== 'null');
  const only = real.length === 1 ? real[0] : undefined;
  return {
    ...(only ? googleSchema(only) : {}),
    ...Object.fromEntries(Object.entries(schema).filter(([key]) => shared.includes(key))),
    ...(type ? { type: type.toUpperCase() } : {}),
    ...(isNullable ? { nullable: true } : {}),
    ...enumOf(schema, type),
    ...(objectOf(schema.items) ? { items: googleSchema(objectOf(schema.items) ?? {}) } : {}),
    ...propertiesOf(schema),
    ...(real.length > 1 ? { anyOf: real.map(googleSchema) } : {}),
  };
}

/** Google's enumerations are of strings. */
function enumOf(schema: JsonObject, type: string | undefined): JsonObject {
  const values = 'const' in schema ? [schema.const] : schema.enum;
  const isOfText = Array.isArray(values) && values.length > 0 && values.every((value) => typeof value === 'string');
  return isOfText && (type === undefined || type === 'string') ? { type: 'STRING', enum: values } : {};
}

function propertiesOf(schema: JsonObject): JsonObject {
  const properties = Object.entries(objectOf(schema.properties) ?? {});
  if (properties.length === 0) {
    return {};
  }
  const required = Array.isArray(schema.required) ? schema.required : [];
  const known = required.filter((name) => properties.some(([property]) => property === name));
  return {
    properties: Object.fromEntries(
      properties.map(([name, property]) => [name, googleSchema(objectOf(property) ?? {})]),
    ),
    ...(known.length > 0 ? { required: known } : {}),
  };
}
