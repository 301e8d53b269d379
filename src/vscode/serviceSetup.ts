import * as vscode from 'vscode';
import { addressProblem, addressWarning, tidyAddress } from '../core/serviceAddress.ts';

/** Asks where an OpenAI-compatible service is. Undefined when the user left it. */
export async function askAddress(title: string): Promise<string | undefined> {
  const address = await vscode.window.showInputBox({
    title,
    prompt: 'The base URL of the service, mostly ending in /v1',
    placeHolder: 'https://openrouter.ai/api/v1',
    ignoreFocusOut: true,
    validateInput: (value) => {
      if (!value.trim()) return undefined;
      const problem = addressProblem(value);
      if (problem) return problem;
      const message = addressWarning(value);
      return message && { message, severity: vscode.InputBoxValidationSeverity.Warning };
    },
  });
  return address?.trim() ? tidyAddress(address) : undefined;
}

/** Asks for the key of a service; empty for a service that wants none. Undefined when the user left it. */
export async function askServiceKey(baseUrl: string): Promise<string | undefined> {
  const { host } = new URL(baseUrl);
  const key = await vscode.window.showInputBox({
    title: `API key for ${host}`,
    prompt: `Sent to ${host} only, and kept in VS Code's secret storage. Leave it empty if the service wants none`,
    password: true,
    ignoreFocusOut: true,
    validateInput: keyProblem,
  });
  return key?.trim();
}

/** Why a text can't be a key; undefined for one that can. */
export function keyProblem(value: string): string | undefined {
  return /\s/.test(value.trim()) ? 'A key has no spaces or line breaks' : undefined;
}

/** Asks for a model that no list has; `reason` is why there is none to choose from. Undefined when the user left it. */
export async function askModelName(title: string, reason: string): Promise<string | undefined> {
  const model = await vscode.window.showInputBox({
    title,
    prompt: `${reason} Type the model's name as the service knows it`.trim(),
    ignoreFocusOut: true,
  });
  return model?.trim() || undefined;
}

/** Asks how a model that nothing is known of calls tools. Undefined when the user left it. */
export async function askToolCalls(model: string): Promise<'native' | 'text' | undefined> {
  const items = [
    {
      label: 'Natively',
      description: 'the service passes tools on, as most do',
      answer: 'native' as const,
    },
    {
      label: 'As text',
      description: 'the model writes its edits into its answer; for models without tools',
      answer: 'text' as const,
    },
  ];
  const title = `How does ${model} call tools?`;
  return (await vscode.window.showQuickPick(items, { title, ignoreFocusOut: true }))?.answer;
}
