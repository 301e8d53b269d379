import * as vscode from 'vscode';
import type { SyntaxTheme } from '../protocol/comparePanel.ts';
import { paletteColours } from './syntaxThemePalette.ts';
import { customRules, readTheme, type ThemeColours } from './syntaxThemeRules.ts';

const customizations = 'editor.tokenColorCustomizations';
const followsSystem = 'window.autoDetectColorScheme';

/** The settings that say which theme is on; which of them counts depends on what the system asks for. */
const themeSettings = [
  'workbench.colorTheme',
  'workbench.preferredDarkColorTheme',
  'workbench.preferredLightColorTheme',
  'workbench.preferredHighContrastColorTheme',
  'workbench.preferredHighContrastLightColorTheme',
] as const;

/** How a theme is built up, by its kind: VS Code's `uiTheme`, and the setting that names the preferred one. */
const kinds = {
  [vscode.ColorThemeKind.Dark]: { uiTheme: 'vs-dark', setting: themeSettings[1] },
  [vscode.ColorThemeKind.Light]: { uiTheme: 'vs', setting: themeSettings[2] },
  [vscode.ColorThemeKind.HighContrast]: { uiTheme: 'hc-black', setting: themeSettings[3] },
  [vscode.ColorThemeKind.HighContrastLight]: { uiTheme: 'hc-light', setting: themeSettings[4] },
};

/** A theme that an extension brings along. */
interface ContributedTheme {
  readonly name: string;
  readonly path: string;
  readonly extension: vscode.Uri;
}

/**
 * The colours of code in the user's theme. VS Code gives them to no extension, so they are read from where the theme's extension has them;
 * where that can't be read (an extension of another machine, TextMate's old format), they are those of VS Code's own themes. Never throws.
 */
export async function syntaxTheme(): Promise<SyntaxTheme> {
  const { kind } = vscode.window.activeColorTheme;
  const isDark = kind === vscode.ColorThemeKind.Dark || kind === vscode.ColorThemeKind.HighContrast;
  const fallback = paletteColours(isDark ? 'dark' : 'light');
  const theme = activeTheme(kind);
  const colours = (theme && (await coloursOf(theme))) ?? fallback;
  const setting = vscode.workspace.getConfiguration().get<unknown>(customizations);
  return {
    kind: isDark ? 'dark' : 'light',
    foreground: colours.foreground ?? fallback.foreground,
    rules: [...colours.rules, ...customRules(setting, theme?.name)],
  };
}

/** Tells when `syntaxTheme` has another answer. */
export function onDidChangeSyntaxTheme(listener: () => void): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.window.onDidChangeActiveColorTheme(listener),
    vscode.workspace.onDidChangeConfiguration((event) => {
      // A theme may be on before the setting names it, or after.
      const settings = [...themeSettings, followsSystem, customizations];
      if (settings.some((setting) => event.affectsConfiguration(setting))) listener();
    }),
  );
}

/** The theme that is on: of those that the settings name, the first of the kind that VS Code shows. */
function activeTheme(kind: vscode.ColorThemeKind): ContributedTheme | undefined {
  const configuration = vscode.workspace.getConfiguration();
  const { uiTheme, setting } = kinds[kind];
  const follows = configuration.get(followsSystem) === true;
  const names = (follows ? [setting, themeSettings[0]] : [themeSettings[0], setting]).map((key) =>
    configuration.get<unknown>(key),
  );
  for (const name of names) {
    if (typeof name !== 'string') continue;
    const theme = contributedTheme(name, uiTheme);
    if (theme) return theme;
  }
  return undefined;
}

function contributedTheme(name: string, uiTheme: string): ContributedTheme | undefined {
  for (const { packageJSON, extensionUri } of vscode.extensions.all) {
    const manifest = packageJSON as { readonly contributes?: { readonly themes?: unknown } } | undefined;
    const themes = manifest?.contributes?.themes;
    for (const entry of Array.isArray(themes) ? (themes as Record<string, unknown>[]) : []) {
      const isNamed = [entry.id, entry.label].some((own) => typeof own === 'string' && isSameName(own, name));
      if (!isNamed || entry.uiTheme !== uiTheme || typeof entry.path !== 'string') continue;
      return { name, path: entry.path, extension: extensionUri };
    }
  }
  return undefined;
}

/** VS Code's own themes were once called "Default Dark Modern", and settings may still say so. */
function isSameName(own: string, name: string): boolean {
  const short = (text: string) => text.replace(/^Default /, '');
  return short(own) === short(name);
}

function coloursOf({ path, extension }: ContributedTheme): Promise<ThemeColours | undefined> {
  return readTheme(path, async (file) => {
    try {
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension, file)));
    } catch {
      // The file is gone; VS Code shows what it remembers of it.
      return undefined;
    }
  });
}
