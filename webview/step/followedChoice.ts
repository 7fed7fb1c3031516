import { formatCount } from '../../src/base/format';
import { linearOf, outputNames } from '../../src/protocol/outputs';
import type { RunShape } from '../../src/protocol/protocol';
import { element } from '../page/dom';
import { addChoice, createDropdown, createTextField, type Dropdown } from '../page/toolkit';
import { followedParameter, type Followed } from './stepLines';

/** Rows of a batch that can be followed. */
export const mostRows = 8;
/** Inputs up to which they are listed; beyond, one is named. */
export const mostListed = 100;

/** Which parameter and which row of the batch to follow through the arithmetic. */
export class FollowedChoice {
  readonly element = element('div', { class: 'followed' });
  /** Number of the parameter, in the order of `Checkpoint.parameters`. */
  private index = 0;
  private row = 0;
  private shape: RunShape | undefined;
  private rows = 0;
  private rowChoice: Dropdown | undefined;

  constructor(private readonly redraw: () => void) {}

  /** What is chosen. */
  get followed(): Followed {
    return { ...followedParameter(this.shape!, this.index), row: Math.min(this.row, this.rows - 1) };
  }

  /** Offers what a run and an account of `rows` rows have to choose from. */
  render(shape: RunShape, rows: number): void {
    if (shape !== this.shape) this.begin(shape);
    this.rows = rows;
    if (this.rowChoice) this.rowChoice.hidden = rows < 2;
  }

  private begin(shape: RunShape): void {
    this.shape = shape;
    this.index = 0;
    this.row = 0;
    const outputs = outputNames(shape);
    const rows = Math.min(mostRows, shape.batchSize, shape.trainRows);
    this.rowChoice = createDropdown({
      label: 'Row of the batch to follow',
      testId: 'followed-row',
      choices: Array.from({ length: rows }, (_, i) => ({ value: String(i), text: `row ${i + 1} of the batch` })),
      onChange: (value) => this.choose(() => (this.row = Number(value))),
    });
    const isList = shape.inputNames.length <= mostListed;
    this.element.replaceChildren(
      ...(outputs.length > 1 ? [this.outputChoice(shape)] : []),
      isList ? this.inputChoice(shape) : this.inputField(shape),
      this.rowChoice,
    );
  }

  private outputChoice(shape: RunShape): Dropdown {
    const outputs = outputNames(shape).map((name) => (shape.classNames ? `class ${name}` : name));
    return createDropdown({
      label: 'Output to follow',
      testId: 'followed-output',
      choices: outputs.slice(0, mostListed).map((text, i) => ({ value: String(i), text })),
      onChange: (value) => this.choose(() => this.follow(Number(value), this.followed.input)),
    });
  }

  private inputChoice(shape: RunShape): Dropdown {
    const { inputNames } = shape;
    const dropdown = createDropdown({
      label: 'Weight to follow',
      testId: 'followed-weight',
      choices: inputNames.map((name, i) => ({ value: String(i), text: `w of ${name}` })),
      onChange: (value) =>
        this.choose(() => this.follow(this.followed.output, value === 'bias' ? undefined : Number(value))),
    });
    if (linearOf(shape)?.hasBias) addChoice(dropdown, 'bias', 'bias b');
    return dropdown;
  }

  private inputField(shape: RunShape): HTMLElement {
    const { inputNames } = shape;
    const bias = linearOf(shape)?.hasBias;
    const field = createTextField({
      label: `Weight to follow: an input’s name or number, 1 to ${formatCount(inputNames.length)}${bias ? ', or bias' : ''}`,
      placeholder: `w of ${inputNames[0]}`,
      testId: 'followed-weight',
      onEnter: (value) => {
        const named = inputNames.indexOf(value.trim());
        const input = named >= 0 ? named : Number(value) - 1;
        if (value.trim() === 'bias' && bias) this.choose(() => this.follow(this.followed.output, undefined));
        else if (input in inputNames) this.choose(() => this.follow(this.followed.output, input));
      },
    });
    return field;
  }

  private follow(output: number, input: number | undefined): void {
    const width = this.shape!.inputNames.length;
    this.index = input === undefined ? width * outputNames(this.shape!).length + output : output * width + input;
  }

  private choose(change: () => void): void {
    change();
    this.redraw();
  }
}
