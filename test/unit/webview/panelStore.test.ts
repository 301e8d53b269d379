import assert from 'node:assert/strict';
import type { CandidateId } from '../../../src/core/domain.ts';
import type { FileNews, Looking, OpenFile, Place } from '../../../src/protocol/comparePanel.ts';
import { keyAction, keyList } from '../../../webview-ui/compare/keys.ts';
import { PanelStore } from '../../../webview-ui/compare/panelStore.ts';
import type { PanelView } from '../../../webview-ui/compare/panelView.ts';
import {
  arrivalText,
  disputeText,
  groupsText,
  isAllDifferent,
  nextPlace,
  placeTitle,
} from '../../../webview-ui/compare/places.ts';

const id = (name: string) => name as CandidateId;
const place = (fileId: string, region?: number, part: Partial<Place> = {}): Place => ({
  fileId,
  path: `src/${fileId}.ts`,
  groups: [[0], [1]],
  changedLines: 1,
  ...(region !== undefined && { region, line: region * 10 + 1 }),
  ...part,
});

function opened(saved?: Partial<PanelView>) {
  const told: { saved: PanelView[]; looking: Looking[]; draws: number } = { saved: [], looking: [], draws: 0 };
  const store = new PanelStore(saved, {
    changed: () => told.draws++,
    save: (view) => told.saved.push(view),
    look: (looking) => told.looking.push(looking),
  });
  return { store, told };
}

describe('what the compare panel keeps', () => {
  it('begins with what was saved, and tells the host only what it has to know', () => {
    const { store, told } = opened({ sort: 'cost', hidden: [id('a')] });
    assert.equal(store.view.sort, 'cost');
    assert.equal(store.view.showsBase, true);
    store.change({ filter: 'x' });
    assert.deepEqual(told.looking, []);
    assert.equal(told.saved.at(-1)?.filter, 'x');
    store.openFile('f');
    store.unhide([id('a')]);
    store.showAllFiles();
    assert.deepEqual(told.looking, [{ hidden: [id('a')], fileId: 'f' }, { hidden: [], fileId: 'f' }, { hidden: [] }]);
  });

  it('goes over the places and around the ends, and asks anew each time', () => {
    const { store } = opened();
    const places = [place('a', 0), place('a', 2), place('b')];
    store.receive({ files: { columns: [], rows: [], places, placeCount: 3 } });
    const go = (step: 1 | -1) => {
      store.goFurther(step);
      return [store.view.fileId, store.target?.region, store.target?.line, store.target?.nonce];
    };
    assert.deepEqual(go(1), ['a', 0, 1, 1]);
    assert.deepEqual(go(1), ['a', 2, 21, 2]);
    assert.deepEqual(go(1), ['b', undefined, undefined, 3]);
    assert.deepEqual(go(1), ['a', 0, 1, 4]);
    assert.deepEqual(go(-1), ['b', undefined, undefined, 5]);
    assert.ok(store.isCurrent(place('b')) && !store.isCurrent(place('a', 0)));
  });

  it('does nothing where there are no places', () => {
    const { store, told } = opened();
    store.goFurther(1);
    assert.deepEqual([told.draws, store.view.fileId], [0, undefined]);
  });

  it('hides the candidate that leads together with its lead', () => {
    const { store } = opened({ lead: id('a') });
    store.hide(id('b'));
    assert.equal(store.view.lead, id('a'));
    store.hide(id('a'));
    assert.deepEqual([store.view.lead, store.view.hidden], [undefined, [id('b'), id('a')]]);
  });

  it('brings the base back in place of a candidate that leads', () => {
    const { store } = opened({ lead: id('a'), showsBase: false });
    store.toggleBase();
    assert.deepEqual([store.view.lead, store.view.showsBase], [undefined, true]);
    store.toggleBase();
    assert.equal(store.view.showsBase, false);
  });

  it('keeps where each file was, without drawing anything', () => {
    const { store, told } = opened();
    store.keepScroll('', 40);
    store.keepScroll('f', 900);
    assert.deepEqual(told.saved.at(-1)?.scroll, { '': 40, f: 900 });
    assert.equal(told.draws, 0);
  });

  it('shows a file on while it is read again, and not another one', () => {
    const { store } = opened();
    const open = (fileId: string): FileNews => ({ type: 'open', file: { id: fileId } as OpenFile });
    store.receiveNews(open('f'));
    store.receiveNews({ type: 'reading', id: 'f', path: 'f' });
    assert.equal(store.content.news?.type, 'open');
    store.receiveNews({ type: 'reading', id: 'g', path: 'g' });
    assert.equal(store.content.news?.type, 'reading');
  });

  it('keeps the last file in sight until the next one is there, and not over the table', () => {
    const { store } = opened();
    store.openFile('f');
    store.receiveNews({ type: 'open', file: { id: 'f' } as OpenFile });
    store.openFile('g');
    store.receiveNews({ type: 'reading', id: 'g', path: 'g' });
    assert.equal(store.content.lastFile?.id, 'f');
    store.showAllFiles();
    assert.equal(store.content.lastFile, undefined);
  });

  it('keeps base texts by file', () => {
    const { store } = opened();
    store.receiveBaseText('f', 'one');
    store.receiveBaseText('g', 'two');
    assert.deepEqual(
      [...store.content.baseTexts],
      [
        ['f', 'one'],
        ['g', 'two'],
      ],
    );
  });
});

describe('places that differ', () => {
  const marks = new Map(['Claude', 'GPT', 'Gemini'].map((label) => [id(label), { label, className: '' }]));
  const columns = [...marks.keys()];

  it('begin at the near end where the last one is gone', () => {
    const places = [place('a'), place('b')];
    assert.equal(nextPlace(places, { fileId: 'gone' }, 1)?.fileId, 'a');
    assert.equal(nextPlace(places, undefined, -1)?.fileId, 'b');
    assert.equal(nextPlace([], undefined, 1), undefined);
  });

  it('are named by file and line, and by who has what', () => {
    assert.equal(placeTitle(place('upload', 4)), 'upload.ts:41');
    assert.equal(placeTitle(place('upload')), 'upload.ts');
    assert.equal(groupsText(place('a', 0, { groups: [[1, 2], [0]] }), columns, marks), 'GPT and Gemini | Claude');
    assert.equal(groupsText(place('a', 0, { groups: [[0, 1, 2]] }), columns, marks), 'Claude, GPT and Gemini');
    assert.equal(groupsText(place('a', 0, { groups: [[7]] }), columns, marks), 'another');
  });

  it('are told apart by how much they differ', () => {
    assert.equal(disputeText(place('a', 0, { groups: [[0], [1], [2]] })), 'all different');
    assert.equal(disputeText(place('a', 0, { groups: [[0, 1], [2]] })), '2 versions');
    assert.equal(isAllDifferent(place('a', 0, { groups: [[0], [1]] })), false);
  });

  it('are announced with where one is in the list', () => {
    const text = arrivalText(place('a', 4, { inside: 'send()' }), 1, { count: 3, groups: 'Claude | GPT' });
    assert.equal(text, 'Place 2 of 3: src/a.ts line 41, in send(). Claude | GPT.');
  });
});

describe('keys of the compare panel', () => {
  const action = (key: string, part = {}) => keyAction({ key, hasModifier: false, isTyped: false, ...part });

  it('do what is listed for them', () => {
    assert.deepEqual(
      ['n', ']', 'p', '[', 'Escape'].map((key) => action(key)),
      ['next-place', 'next-place', 'previous-place', 'previous-place', 'all-files'],
    );
    const listed = keyList.filter(({ keys }) => keys[0]?.length === 1).flatMap(({ keys }) => keys);
    assert.ok(listed.length > 8 && listed.every((key) => action(key) !== undefined), listed.join());
  });

  it('are left alone where text is typed, with a modifier, and for every other key', () => {
    assert.equal(action('n', { isTyped: true }), undefined);
    assert.equal(action('n', { hasModifier: true }), undefined);
    assert.equal(action('Enter'), undefined);
    assert.equal(action('toString'), undefined);
  });
});
