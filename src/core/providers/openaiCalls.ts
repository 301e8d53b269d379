import type { ToolCall } from './provider.ts';
import { type JsonObject, objectOf, textOf } from './untrusted.ts';

/** Output items that are calls of a tool of ours, and as what each wants its result back. */
const outputTypes: Readonly<Record<string, string>> = {
  function_call: 'function_call_output',
  custom_tool_call: 'custom_tool_call_output',
  apply_patch_call: 'apply_patch_call_output',
};

/** True for an item whose call we answer. */
export function isCall(item: JsonObject): boolean {
  return Object.hasOwn(outputTypes, textOf(item.type));
}

/** The type of the item that answers this one. */
export function outputTypeOf(item: JsonObject): string | undefined {
  return isCall(item) ? outputTypes[textOf(item.type)] : undefined;
}

/** The call that an item makes. What has a form of its own on this wire becomes arguments in JSON like any other. */
export function callOf(item: JsonObject): ToolCall {
  const [id, name] = [textOf(item.call_id), textOf(item.name)];
  switch (item.type) {
    case 'apply_patch_call':
      return { id, name: 'apply_patch', arguments: JSON.stringify({ patch: patchOf(objectOf(item.operation) ?? {}) }) };
    case 'custom_tool_call':
      return {
        id,
        name,
        arguments: JSON.stringify({ [name === 'apply_patch' ? 'patch' : 'input']: textOf(item.input) }),
      };
    default:
      return { id, name, arguments: textOf(item.arguments).trim() || '{}' };
  }
}

/** One operation of the service's own patch tool in the envelope that models write elsewhere. */
function patchOf(operation: JsonObject): string {
  const path = textOf(operation.path);
  const diff = textOf(operation.diff).replace(/\n$/, '');
  const verb = { create_file: 'Add', update_file: 'Update', delete_file: 'Delete' }[textOf(operation.type)] ?? 'Update';
  return [
    '*** Begin Patch',
    `*** ${verb} File: ${path}`,
    ...(verb === 'Delete' || diff === '' ? [] : [diff]),
    '*** End Patch',
  ].join('\n');
}
