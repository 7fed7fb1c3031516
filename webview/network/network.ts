import { formatCount, formatPercent, formatRounded } from '../../src/base/format';
import { linearOf, outputNames } from '../../src/protocol/outputs';
import type { RunShape } from '../../src/protocol/protocol';
import type { RowsPage, RowsQuery } from '../../src/protocol/questions';
import type { RunState } from '../../src/protocol/state';
import { element, section, setText } from '../page/dom';
import { ElementSize } from '../page/elementSize';
import { memo } from '../page/memo';
import type { Ask } from '../page/questions';
import type { View } from '../page/store';
import type { ViewedModel } from '../page/viewedRun';
import { AnswerSource } from '../parts/answerSource';
import { PastChip } from '../parts/pastChip';
import { ownInputs, scaledInputs, withProducts } from '../parts/predictInputs';
import { planeInputs, planeOf } from '../surface/surfaceGrid';
import { layerName, layOut, networkHeight, unitSize, type PlacedColumn } from './networkLayout';
import { NetworkPicture } from './networkPicture';
import { lookedAt, networkLayers, unitNumbers, unitOutputs, type NetworkLayer, type UnitNumbers } from './unitNumbers';

/** Rows that are asked for at most, and numbers that they have at most. */
const mostRows = 1000;
const mostNumbers = 100_000;
/** Points along a side of a unit's heat map. */
const mapSide = 16;
/** Numbers and units that are written out in a line. */
const mostListed = 12;

/** A net as a picture: what each unit gives, how strong each weight is, and which units no longer learn. */
export class NetworkView implements View {
  private readonly section = section('network', 'Network');
  readonly element = this.section.element;
  private readonly canvas = element('canvas', { attributes: { 'aria-hidden': 'true' } });
  private readonly picture = new NetworkPicture(this.canvas);
  private readonly frame = element(
    'div',
    { class: 'network-canvas', testId: 'network', attributes: { role: 'group', 'aria-label': 'Units of the network' } },
    this.canvas,
  );
  private readonly alarm = element('p', { class: 'network-alarm', testId: 'network-alarm' });
  private readonly details = element('div', { class: 'network-details', testId: 'network-details' });
  private readonly note = element('p', { class: 'hint', testId: 'network-note' });
  private readonly chip = new PastChip(this.section.heading);
  private readonly source: AnswerSource<RowsQuery, RowsPage>;
  private readonly size: ElementSize;
  private readonly isNew = memo();
  private readonly isNewLayout = memo();
  private shownGeneration = -1;
  private runId = '';
  private page: RowsPage | undefined;
  private layers: NetworkLayer[] = [];
  private columns: PlacedColumn[] = [];
  /** A button for each unit that is drawn, a list a layer. */
  private buttons: HTMLButtonElement[][] = [];
  /** The unit that a person looks at. */
  private chosen: { layer: number; unit: number } | undefined;

  constructor(
    ask: Ask,
    private readonly redraw: () => void,
    /** A person has chosen a unit. */
    private readonly onChoose: (layer: number, unit: number) => void,
  ) {
    this.source = new AnswerSource({
      ask: (query) => ask({ kind: 'rows', query }),
      show: (page) => {
        this.page = page;
        redraw();
      },
      fail: (message) => setText(this.note, message),
    });
    this.section.body.append(this.alarm, this.frame, this.details, this.note);
    this.size = new ElementSize(this.frame, redraw);
    this.frame.addEventListener('keydown', (event) => this.key(event));
  }

  /** See `View`. */
  render(run: RunState, model: ViewedModel, generation: number): void {
    const { shape } = run;
    if (!shape || linearOf(shape)) return;
    if (generation !== this.shownGeneration) this.begin(run, shape, generation);
    this.chip.render(model);
    this.source.want({
      ...{ offset: 0, sort: 'row', descending: false },
      count: Math.max(1, Math.min(mostRows, Math.floor(mostNumbers / shape.inputNames.length))),
    });
    const { page, size, chosen } = this;
    if (!page || size.width === 0) return;
    if (!this.isNew(page, model.parameters, chosen, size.width, devicePixelRatio)) return;
    const height = networkHeight(this.layers);
    if (this.isNewLayout(this.layers, size.width)) this.place(height);
    const { inputNames, model: net } = shape;
    const count = lookedAt(net, page.rows.length);
    const inputs = scaledInputs(shape, page.inputs.subarray(0, count * inputNames.length));
    const numbers = unitNumbers(net, unitOutputs(net, model.parameters, inputs));
    const hasMaps = ownInputs(shape) === 2;
    const points = hasMaps ? planeInputs(planeOf(page, shape, 0, 1), mapSide) : undefined;
    const plane = points && scaledInputs(shape, withProducts(shape, points));
    const maps = plane && { side: mapSide, values: unitOutputs(net, model.parameters, plane) };
    const { layers, columns } = this;
    const drawn = { layers, columns, parameters: model.parameters, numbers, inputNames, ...(maps && { maps }) };
    this.picture.draw(drawn, size.width, height);
    this.say(shape, model, numbers, count);
  }

  /** See `View`. */
  themeChanged(): void {
    this.picture.themeChanged();
    this.isNew();
  }

  private begin({ identity }: RunState, shape: RunShape, generation: number): void {
    this.shownGeneration = generation;
    this.source.reset();
    if (identity.id === this.runId) return;
    this.runId = identity.id;
    this.page = this.chosen = undefined;
    this.layers = networkLayers(shape.model);
    this.frame.style.height = `${networkHeight(this.layers)}px`;
  }

  /** Puts a button on each unit. */
  private place(height: number): void {
    this.columns = layOut(this.layers, this.size.width, height);
    for (const button of this.buttons.flat()) button.remove();
    this.buttons = this.columns.slice(1).map(({ units }, layer) =>
      units.map(({ unit, x, y }) => {
        const button = element('button', { class: 'network-unit', attributes: { type: 'button', tabindex: '-1' } });
        button.style.left = `${x - unitSize / 2}px`;
        button.style.top = `${y - unitSize / 2}px`;
        button.addEventListener('click', () => this.choose(layer, unit));
        button.addEventListener('focus', () => this.choose(layer, unit));
        return button;
      }),
    );
    this.frame.append(...this.buttons.flat());
  }

  private choose(layer: number, unit: number): void {
    if (this.chosen?.layer === layer && this.chosen.unit === unit) return;
    this.chosen = { layer, unit };
    this.onChoose(layer, unit);
    this.redraw();
  }

  private key(event: KeyboardEvent): void {
    const { layer, unit } = this.chosen ?? { layer: 0, unit: 0 };
    const steps: Record<string, [number, number]> = {
      ArrowLeft: [layer - 1, unit],
      ArrowRight: [layer + 1, unit],
      ArrowUp: [layer, unit - 1],
      ArrowDown: [layer, unit + 1],
      Home: [layer, 0],
      End: [layer, Infinity],
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const units = this.buttons[Math.max(0, Math.min(this.buttons.length - 1, step[0]))];
    units[Math.max(0, Math.min(units.length - 1, step[1]))].focus();
  }

  private say(shape: RunShape, model: ViewedModel, numbers: UnitNumbers[][], rows: number): void {
    const { chosen, layers } = this;
    this.buttons.forEach((units, layer) =>
      units.forEach((button, unit) => {
        const isChosen = chosen?.layer === layer && chosen.unit === unit;
        const isFirst = !chosen && layer === 0 && unit === 0;
        button.tabIndex = isChosen || isFirst ? 0 : -1;
        button.setAttribute('aria-pressed', String(isChosen));
        button.setAttribute('aria-label', `${unitName(layers, layer, unit)}: ${numberWords(numbers[layer][unit])}`);
      }),
    );
    const alarms = (['dead', 'saturated'] as const).flatMap((state) => stateWords(layers, numbers, state) ?? []);
    this.alarm.hidden = alarms.length === 0;
    setText(this.alarm, alarms.join(' '));
    this.details.replaceChildren(
      ...(chosen ? this.detailsOf(shape, model, numbers[chosen.layer][chosen.unit], chosen) : []),
    );
    const squares =
      ownInputs(shape) === 2
        ? `A square is what its unit gives over ${shape.inputNames[0]} (across) and ${shape.inputNames[1]} (up).`
        : 'A square is filled to the share of rows for which its unit is above 0.';
    const lines = 'A line is a weight, as wide as it is large; negative ones are dashed.';
    const choose = chosen ? '' : ' Select a unit, or use the arrow keys, to see its numbers.';
    const some = rows < this.page!.total ? ` Over ${formatCount(rows)} of ${formatCount(this.page!.total)} rows.` : '';
    setText(this.note, `${squares} ${lines}${some}${choose}`);
  }

  /** The numbers of a unit, what it takes in and where it goes. */
  private detailsOf(
    shape: RunShape,
    { parameters }: ViewedModel,
    numbers: UnitNumbers,
    { layer, unit }: { layer: number; unit: number },
  ): Node[] {
    const { layers } = this;
    const { inFeatures, weightAt, biasAt } = layers[layer];
    const next = layers[layer + 1] as NetworkLayer | undefined;
    const from = (i: number) => (layer === 0 ? shape.inputNames[i] : `unit ${i + 1}`);
    const taken = Array.from(
      { length: inFeatures },
      (_, i) => `${from(i)} ${formatRounded(parameters[weightAt + unit * inFeatures + i])}`,
    );
    const given = Array.from({ length: next?.outFeatures ?? 0 }, (_, i) => {
      const to = next!.isOutput ? outputNames(shape)[i] : `unit ${i + 1}`;
      return `${to} ${formatRounded(parameters[next!.weightAt + i * next!.inFeatures + unit])}`;
    });
    const facts: [string, string][] = [
      [unitName(layers, layer, unit), numberWords(numbers)],
      [`Weights in (${layers[layer].index}.weight)`, listed(taken)],
      ...(biasAt === undefined
        ? []
        : [[`Bias (${layers[layer].index}.bias)`, formatRounded(parameters[biasAt + unit])] as [string, string]]),
      ...(next ? [[`Weights out (${next.index}.weight)`, listed(given)] as [string, string]] : []),
    ];
    return facts.map(([name, value]) =>
      element('div', { class: 'network-fact' }, element('span', { class: 'network-name', text: name }), ` ${value}`),
    );
  }
}

function unitName(layers: readonly NetworkLayer[], layer: number, unit: number): string {
  const { outFeatures } = layers[layer];
  return outFeatures === 1 ? layerName(layers, layer) : `${layerName(layers, layer)}, unit ${unit + 1}`;
}

function numberWords({ mean, least, most, active, state }: UnitNumbers): string {
  const words = `from ${formatRounded(least)} to ${formatRounded(most)}, mean ${formatRounded(mean)}, above 0 for ${formatPercent(active)} of rows`;
  return state ? `${state}; ${words}` : words;
}

function listed(all: string[]): string {
  const more = all.length - mostListed;
  return all.slice(0, mostListed).join(' · ') + (more > 0 ? ` · ${formatCount(more)} more` : '');
}

/** Names the units that are in a state; undefined if there are none. */
function stateWords(
  layers: readonly NetworkLayer[],
  numbers: UnitNumbers[][],
  state: 'dead' | 'saturated',
): string | undefined {
  const found = numbers.flatMap((units, layer) => {
    const which = units.flatMap((unit, i) => (unit.state === state ? [String(i + 1)] : []));
    if (which.length === 0) return [];
    const named = which.length > mostListed ? `${which.slice(0, mostListed).join(', ')}, …` : which.join(', ');
    return [`${layerName(layers, layer)}: ${formatCount(which.length)} of ${formatCount(units.length)} (${named})`];
  });
  if (found.length === 0) return undefined;
  return state === 'dead'
    ? `Dead units, 0 for all rows, so they no longer learn. ${found.join('; ')}.`
    : `Saturated units, at an end for nearly all rows, so they hardly learn. ${found.join('; ')}.`;
}
