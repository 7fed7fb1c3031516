import type { OfferedFile } from '../../src/protocol/protocol';
import { element, icon } from '../page/dom';
import type { Host } from '../page/connectHost';
import { createButton } from '../page/toolkit';

/** What there is to see before the first run. */
export class EmptyView {
  private readonly offers = element('div', { class: 'empty-offers', testId: 'empty-offers' });
  readonly element = element('section', {
    class: 'empty',
    testId: 'empty',
    attributes: { 'aria-labelledby': 'empty-heading' },
  });

  constructor(private readonly host: Host) {
    this.offers.hidden = true;
    this.element.append(
      element('h1', { text: 'Train a model and watch it learn', attributes: { id: 'empty-heading' } }),
      element('p', { text: 'On the built-in example or on your own data, with PyTorch’s numbers.' }),
      this.offers,
      element(
        'div',
        { class: 'empty-actions' },
        createButton({
          appearance: 'primary',
          icon: 'play',
          text: 'Run the Tutorial',
          label: 'Run the Tutorial',
          testId: 'run-tutorial-button',
          onClick: () => host.act('runTutorial'),
        }),
        createButton({
          appearance: 'secondary',
          icon: 'folder-opened',
          text: 'Use Your Own Data…',
          label: 'Use Your Own Data: choose a config or a dataset',
          testId: 'run-other-button',
          onClick: () => host.act('run'),
        }),
      ),
      element(
        'dl',
        { class: 'empty-kinds' },
        ...kind(
          '*.csv, *.xlsx, *.json, *.npy, *.parquet',
          'A dataset: delimited text, Excel, JSON, JSON lines, NumPy or parquet, gzipped or zipped too. Choose what to predict; a config is created for you.',
        ),
        ...kind('*.gd.json', 'A config: dataset, model, loss and optimizer.'),
      ),
    );
  }

  /** Offers files of the workspace by their names. */
  offer(files: readonly OfferedFile[]): void {
    this.offers.hidden = files.length === 0;
    this.offers.replaceChildren(
      element('h2', { text: 'In this folder' }),
      element('ul', {}, ...files.map((file) => element('li', {}, this.offerButton(file)))),
    );
  }

  private offerButton({ uri, name, isConfig }: OfferedFile): HTMLElement {
    const fileName = name.slice(name.lastIndexOf('/') + 1);
    const button = element(
      'button',
      { class: 'empty-offer', testId: 'empty-offer', attributes: { type: 'button', title: name } },
      icon(isConfig ? 'play' : 'table'),
      element('span', { text: `${isConfig ? 'Run' : 'Train on'} ${fileName}` }),
    );
    button.addEventListener('click', () => this.host.post({ type: 'runOffered', uri }));
    return button;
  }
}

function kind(pattern: string, words: string): HTMLElement[] {
  return [element('dt', {}, element('code', { text: pattern })), element('dd', { text: words })];
}
