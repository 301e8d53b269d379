import assert from 'node:assert/strict';
import { customRules, readTheme } from '../../../src/vscode/syntaxThemeRules.ts';

const reader = (files: Readonly<Record<string, string>>) => (path: string) => Promise.resolve(files[path]);

describe('reading a colour theme', () => {
  it('takes rules and the foreground, with comments and trailing commas in the file', async () => {
    const text = `{
      // as people write them
      "colors": { "editor.foreground": "#abcdef", },
      "tokenColors": [{ "scope": "comment, string.quoted", "settings": { "foreground": "#00ff00", "fontStyle": "italic" } },],
    }`;
    assert.deepEqual(await readTheme('./themes/a.json', reader({ 'themes/a.json': text })), {
      foreground: '#abcdef',
      rules: [{ scope: ['comment', 'string.quoted'], settings: { foreground: '#00ff00', fontStyle: 'italic' } }],
    });
  });

  it('puts the rules of an included theme first, and its own foreground before that one’s', async () => {
    const rule = (scope: string) => ({ scope: [scope], settings: { foreground: '#111111' } });
    const files = {
      'themes/own.json': JSON.stringify({
        include: '../base/base.json',
        colors: { 'editor.foreground': '#222222' },
        tokenColors: [rule('own')],
      }),
      'base/base.json': JSON.stringify({ colors: { 'editor.foreground': '#333333' }, tokenColors: [rule('base')] }),
    };
    assert.deepEqual(await readTheme('themes/own.json', reader(files)), {
      foreground: '#222222',
      rules: [rule('base'), rule('own')],
    });
  });

  it('ends with themes that include each other', async () => {
    const theme = (include: string) =>
      JSON.stringify({ include, tokenColors: [{ scope: 'a', settings: { foreground: '#111' } }] });
    const read = await readTheme('a.json', reader({ 'a.json': theme('b.json'), 'b.json': theme('a.json') }));
    assert.ok(read && read.rules.length < 20);
  });

  it('reads nothing outside of the extension', async () => {
    const asked: string[] = [];
    const read = async (path: string) => {
      asked.push(path);
      return JSON.stringify({
        include: '../../secret.json',
        tokenColors: [{ scope: 'a', settings: { foreground: '#111' } }],
      });
    };
    await readTheme('themes/a.json', read);
    await readTheme('../outside.json', read);
    await readTheme('/etc/passwd', read);
    assert.deepEqual(asked, ['themes/a.json']);
  });

  it('has nothing for a missing file, for what is no theme, and for TextMate’s old format', async () => {
    assert.equal(await readTheme('a.json', reader({})), undefined);
    assert.equal(await readTheme('a.json', reader({ 'a.json': '[[[' })), undefined);
    assert.equal(
      await readTheme('a.json', reader({ 'a.json': '{"tokenColors":"./a.tmTheme"}', 'a.tmTheme': '<plist/>' })),
      undefined,
    );
  });

  it('lets nothing but colours and font styles through', async () => {
    const tokenColors = [
      { scope: 'a', settings: { foreground: 'red; background: url(x)' } },
      { scope: 'b', settings: { fontStyle: 'bold url(x)' } },
      { scope: 7, settings: { foreground: '#111111' } },
      null,
    ];
    assert.deepEqual(await readTheme('a.json', reader({ 'a.json': JSON.stringify({ tokenColors }) })), {
      rules: [{ scope: ['b'], settings: { fontStyle: 'bold' } }],
    });
  });

  it('takes the foreground from a rule without a scope where the theme names none', async () => {
    const tokenColors = [{ settings: { foreground: '#123456' } }, { scope: 'a', settings: { fontStyle: '' } }];
    assert.deepEqual(await readTheme('a.json', reader({ 'a.json': JSON.stringify({ tokenColors }) })), {
      foreground: '#123456',
      rules: [{ scope: ['a'], settings: { fontStyle: '' } }],
    });
  });
});

describe('the user’s own token colours', () => {
  it('are kinds of tokens and rules, those of the theme after those of all', () => {
    const rules = customRules(
      {
        comments: '#010101',
        '[Night*]': { strings: { foreground: '#020202', fontStyle: 'italic' } },
        '[Day][Noon]': { numbers: '#030303' },
        textMateRules: [{ scope: 'x', settings: { foreground: '#040404' } }],
      },
      'Night Owl',
    );
    assert.deepEqual(
      rules.map(({ scope, settings }) => [scope[0], settings]),
      [
        ['comment', { foreground: '#010101' }],
        ['x', { foreground: '#040404' }],
        ['string', { foreground: '#020202', fontStyle: 'italic' }],
      ],
    );
    assert.equal(customRules({ '[Day][Noon]': { numbers: '#030303' } }, 'Noon').length, 1);
  });

  it('are none where the setting is something else', () => {
    assert.deepEqual(customRules(undefined, 'A'), []);
    assert.deepEqual(customRules('red', 'A'), []);
    assert.deepEqual(customRules({ comments: 'red', textMateRules: 'x' }, undefined), []);
  });
});
