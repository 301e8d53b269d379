import type { Frame, Locator, Page } from 'playwright-core';

export type Theme = 'dark' | 'light' | 'high-contrast';

const themeNames: Readonly<Record<Theme, string>> = {
  dark: 'Dark Modern',
  light: 'Light Modern',
  'high-contrast': 'Dark High Contrast',
};

/** What a person can do with an open VS Code window: keys, clicks, looking. */
export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Waits until the window is drawn and takes commands. */
  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
    await this.page.locator('.monaco-workbench .part.activitybar').waitFor({ timeout: 60_000 });
  }

  /** Picks the command with exactly this palette text, such as `dursor: New Task`. */
  async runCommand(text: string): Promise<void> {
    const input = await this.openPalette();
    await input.fill(`>${text}`);
    const row = this.page.locator('.quick-input-widget .quick-input-list-row', { hasText: text }).first();
    await row.waitFor({ timeout: 15_000 });
    await row.click();
  }

  /** Opens the command palette and returns its input. An extension's commands may appear a moment later. */
  async openPalette(): Promise<Locator> {
    const input = this.quickInput();
    for (let attempt = 0; attempt < 5; attempt++) {
      await this.page.keyboard.press('F1');
      const shown = await input.waitFor({ timeout: 2_000 }).then(
        () => true,
        () => false,
      );
      if (shown) return input;
      await this.page.locator('.part.titlebar .titlebar-center').click();
    }
    throw new Error('The command palette did not open');
  }

  /** The text field of the quick pick or input box that is open. */
  quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible input.input');
  }

  /** Waits for a modal question, presses the button that says exactly this, and returns what was asked. */
  async answerDialog(button: string): Promise<string> {
    const dialog = this.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    const asked = await dialog.innerText();
    await dialog.getByText(button, { exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    return asked;
  }

  /** Opens a view container by its name in the activity bar. */
  async openContainer(name: string): Promise<void> {
    const bar = this.page.locator('.part.activitybar');
    const item = bar.locator(`.action-item a[aria-label^="${name}"]`).first();
    const opened = bar.locator(`.action-item.checked a[aria-label^="${name}"]`);
    await item.waitFor({ timeout: 60_000 });
    // A window that was reloaded opens it by itself a moment later, and a click then closes it: another opens it again.
    for (let clicks = 0; clicks < 5; clicks++) {
      const isOpen = await opened.waitFor({ timeout: 2_000 }).then(
        () => true,
        () => false,
      );
      if (isOpen) return;
      await item.click();
    }
    await opened.waitFor();
  }

  /** The webview document that shows an element with this `data-testid`. */
  async webview(testId: string, timeout = 60_000): Promise<Frame> {
    const deadline = Date.now() + timeout;
    while (Date.now() < deadline) {
      for (const frame of this.page.frames()) {
        if (frame === this.page.mainFrame()) continue;
        const found = await frame
          .getByTestId(testId)
          .first()
          .isVisible()
          .catch(() => false);
        if (found) return frame;
      }
      await this.page.waitForTimeout(150);
    }
    throw new Error(`No webview shows an element with data-testid "${testId}"`);
  }

  /** Waits until a notification with this text is in the notification center. Toasts are off under the smoke test driver. */
  async notification(text: string): Promise<Locator> {
    const center = this.page.locator('.notifications-center.visible');
    const item = center.locator('.notification-list-item', { hasText: text }).first();
    for (let attempt = 0; attempt < 10; attempt++) {
      // The center does not open while it is empty.
      if (!(await center.isVisible())) await this.runCommand('Notifications: Show Notifications');
      await this.page.waitForTimeout(500);
      if (await item.isVisible()) return item;
    }
    throw new Error(`No notification says "${text}"`);
  }

  /** Closes every editor. */
  async closeEditors(): Promise<void> {
    await this.runCommand('View: Close All Editors');
    await this.page.locator('.part.editor .tab').first().waitFor({ state: 'detached' });
  }

  /** Titles of the open editor tabs. */
  async tabs(): Promise<string[]> {
    return this.page.locator('.part.editor .tab .tab-label').allInnerTexts();
  }

  /** The text of the active editor's visible lines, both sides of a diff included. */
  async visibleEditorText(): Promise<string> {
    const lines = await this.page.locator('.part.editor .view-lines').allInnerTexts();
    return lines.join('\n').replaceAll('\u00a0', ' ');
  }

  async setTheme(theme: Theme): Promise<void> {
    await this.runCommand('Preferences: Color Theme');
    const input = this.quickInput();
    await input.fill(themeNames[theme]);
    await this.page.locator('.quick-input-list-row', { hasText: themeNames[theme] }).first().waitFor();
    await this.page.keyboard.press('Enter');
    await input.waitFor({ state: 'hidden' });
  }

  async resize(width: number, height: number): Promise<void> {
    await this.page.setViewportSize({ width, height });
  }

  /** Drags the side bar's edge so that the bar gets this width, in pixels. */
  async setSideBarWidth(width: number): Promise<void> {
    const bar = await this.page.locator('.part.sidebar').boundingBox();
    if (bar === null) throw new Error('The side bar is not visible');
    const y = bar.y + bar.height / 2;
    await this.page.mouse.move(bar.x + bar.width, y);
    await this.page.mouse.down();
    await this.page.mouse.move(bar.x + width, y, { steps: 5 });
    await this.page.mouse.up();
  }

  /** Reloads the window, as *Developer: Reload Window* does, and waits until it is drawn again. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  /** Writes a PNG of the window and returns its path. */
  async screenshot(path: string): Promise<string> {
    await this.page.screenshot({ path });
    return path;
  }
}
