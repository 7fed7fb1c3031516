import { outputNames } from '../../src/protocol/outputs';
import type { RunShape } from '../../src/protocol/protocol';
import { networkLayers, type NetworkLayer } from '../network/unitNumbers';
import { element } from '../page/dom';
import { createDropdown, createTextField } from '../page/toolkit';
import { mostListed, mostRows } from './followedChoice';
import type { FollowedNet } from './netLines';

/** Sets what a control shows. */
type Show = (value: number) => void;

/** Which way through a net to follow, which parameter on it, and which row of the batch. */
export class NetChoice {
  readonly element = element('div', { class: 'followed' });
  private shape: RunShape | undefined;
  private layers: NetworkLayer[] = [];
  private rows = 0;
  private way: FollowedNet = { input: 0, units: [], layer: 0, isBias: false, row: 0 };
  /** Of the unit of each layer, and of the parameter. */
  private showUnit: (Show | undefined)[] = [];
  private showParameter: Show | undefined;

  constructor(private readonly redraw: () => void) {}

  /** What is chosen; another object once that has changed. */
  get followed(): FollowedNet {
    const row = Math.min(this.way.row, this.rows - 1);
    return row === this.way.row ? this.way : (this.way = { ...this.way, row });
  }

  /** Offers what a run and an account of `rows` rows have to choose from. */
  render(shape: RunShape, rows: number): void {
    this.rows = rows;
    if (shape === this.shape) return;
    this.shape = shape;
    this.layers = networkLayers(shape.model);
    this.way = { input: 0, units: this.layers.map(() => 0), layer: 0, isBias: false, row: 0 };
    this.offer(shape);
  }

  /** Follows the way through a unit, and the weight that leads to it. */
  follow(layer: number, unit: number): void {
    if (!this.shape) return;
    this.showUnit[layer]?.(unit);
    this.showParameter?.(this.parameters().findIndex((one) => one.layer === layer && !one.isBias));
    this.choose({ units: this.way.units.map((one, i) => (i === layer ? unit : one)), layer, isBias: false });
  }

  /** The tensors of the model. */
  private parameters(): { name: string; layer: number; isBias: boolean }[] {
    return this.layers.flatMap(({ index, biasAt }, layer) => [
      { name: `${index}.weight`, layer, isBias: false },
      ...(biasAt === undefined ? [] : [{ name: `${index}.bias`, layer, isBias: true }]),
    ]);
  }

  private offer(shape: RunShape): void {
    const { inputNames } = shape;
    const parameters = this.parameters();
    const rows = Math.min(mostRows, shape.batchSize, shape.trainRows);
    const listed = (label: string, testId: string, names: string[], choose: (index: number) => void) =>
      numberChoice({ label, testId, names, choose });
    const parameter = listed(
      'Parameter to follow',
      'followed-parameter',
      parameters.map(({ name }) => name),
      (index) => this.choose({ layer: parameters[index].layer, isBias: parameters[index].isBias }),
    );
    const input = listed('Input to follow', 'followed-input', inputNames, (index) => this.choose({ input: index }));
    const units = this.layers.map(({ outFeatures, isOutput }, layer) => {
      if (outFeatures === 1) return undefined;
      const unitNames = Array.from({ length: outFeatures }, (_, i) => `layer ${layer + 1}, unit ${i + 1}`);
      const label = isOutput ? 'Output to follow' : `Unit of layer ${layer + 1} to follow`;
      return listed(label, `followed-unit-${layer}`, isOutput ? outputNames(shape) : unitNames, (unit) =>
        this.choose({ units: this.way.units.map((one, i) => (i === layer ? unit : one)) }),
      );
    });
    const rowNames = Array.from({ length: rows }, (_, i) => `row ${i + 1} of the batch`);
    const row = listed('Row of the batch to follow', 'followed-row', rowNames, (index) => this.choose({ row: index }));
    this.showUnit = units.map((unit) => unit?.show);
    this.showParameter = parameter.show;
    const controls = [parameter, ...(inputNames.length > 1 ? [input] : []), ...units, ...(rows > 1 ? [row] : [])];
    this.element.replaceChildren(...controls.flatMap((control) => control?.element ?? []));
  }

  private choose(change: Partial<FollowedNet>): void {
    this.way = { ...this.way, ...change };
    this.redraw();
  }
}

/** A list of names, or where there are too many a field that takes a name or its number. */
function numberChoice(options: { label: string; testId: string; names: string[]; choose: (index: number) => void }): {
  element: HTMLElement;
  show: Show;
} {
  const { label, testId, names, choose } = options;
  if (names.length <= mostListed) {
    const choices = names.map((text, i) => ({ value: String(i), text }));
    const dropdown = createDropdown({ label, testId, choices, onChange: (value) => choose(Number(value)) });
    return { element: dropdown, show: (index) => (dropdown.value = String(index)) };
  }
  const field = createTextField({
    label: `${label}: a name or a number, 1 to ${names.length}`,
    placeholder: names[0],
    testId,
    onEnter: (value) => {
      const named = names.indexOf(value.trim());
      const index = named >= 0 ? named : Number(value) - 1;
      if (index in names) choose(index);
    },
  });
  return { element: field, show: (index) => (field.value = names[index]) };
}
