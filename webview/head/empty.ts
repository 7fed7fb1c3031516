import { element } from '../page/dom';
import type { Host } from '../page/connectHost';
import { createButton } from '../page/toolkit';

/** What there is to see before the first run. */
export class EmptyView {
  readonly element = element('section', {
    class: 'empty',
    testId: 'empty',
    attributes: { 'aria-labelledby': 'empty-heading' },
  });

  constructor(host: Host) {
    this.element.append(
      element('h1', { text: 'Train a linear model and watch it learn', attributes: { id: 'empty-heading' } }),
      element('p', { text: 'nn.Linear in PyTorch’s words, on ten rows or on your own data.' }),
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
          text: 'Run Gradient Descent…',
          label: 'Run Gradient Descent on a config or a dataset of yours',
          testId: 'run-other-button',
          onClick: () => host.act('run'),
        }),
      ),
      element(
        'dl',
        { class: 'empty-kinds' },
        ...kind('*.gd.json', 'a config: dataset, model, loss and optimizer'),
        ...kind(
          '*.csv, *.xlsx, *.json, *.npy, *.parquet',
          'a dataset: delimited text, Excel, JSON, JSON lines, NumPy or parquet, each also gzipped or zipped; choose its target, and a config is written',
        ),
      ),
    );
  }
}

function kind(pattern: string, words: string): HTMLElement[] {
  return [element('dt', {}, element('code', { text: pattern })), element('dd', { text: words })];
}
