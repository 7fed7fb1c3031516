import { formatCount, formatNumber } from '../../base/format';
import {
  epochWords,
  headNumbers,
  obstacleWords,
  shownMinimum,
  speedWords,
  statusIcons,
  statusWord,
  verdictIcons,
} from '../../advice/headWords';
import { qualityOf, type Quality } from '../../advice/metricWords';
import { judge } from '../../advice/verdicts/verdict';
import type { RunShape, RunStatus } from '../../protocol/protocol';
import { batchBefore, canResume, isUntrained, runName, trainedEpochs, type RunState } from '../../protocol/state';
import { staticCurve } from './staticCurve';

/** What the page shows before its script has run: the same as the script's own head and curve, where they stand. */
export interface StaticPage {
  /** Markup in which all names and values are text. */
  html: string;
  /** Rules that go with it. */
  css: string;
}

/** Draws a run as it is; `null` if there is none, undefined while that is not known yet. */
export function staticPage(run: RunState | null | undefined, place: string): StaticPage {
  const { content, labelWidth } = run ? contentOf(run) : { content: run === null ? '' : restoring, labelWidth: 0 };
  const html = `<main id="static-page" data-place="${escapeText(place)}" aria-busy="true">${content}</main>`;
  return { html, css: `#static-page { --labels: ${labelWidth}px; }` };
}

/** A text as markup, in an element or in an attribute's quotes. */
export function escapeText(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (letter) => entities[letter]);
}

const restoring = '<p class="hint">Restoring…</p>';

function contentOf(run: RunState): { content: string; labelWidth: number } {
  const head = `<header class="head">${headBar(run)}${note(run)}${notice(run)}${answer(run)}${statistics(run)}</header>`;
  if (!run.shape) return { content: head, labelWidth: 0 };
  const { svg, labelWidth } = staticCurve(run.history.column('loss'), validationOf(run)) ?? { svg: '', labelWidth: 0 };
  const section = `<section class="section loss"><div class="section-head"><h2><span class="disclosure">${icon('chevron-down')}Loss</span></h2>${tools}</div><div class="section-body">${readout(run)}<div class="loss-canvas">${svg}</div></div></section>`;
  return { content: head + section, labelWidth };
}

function note({ label }: RunState): string {
  return label?.note ? `<p class="run-note">${escapeText(label.note)}</p>` : '';
}

function headBar(run: RunState): string {
  const { status, shape, checkpoint } = run;
  const name = escapeText(runName(run));
  const spin = statusIcons[status] === 'loading' ? ' codicon-modifier-spin' : '';
  const state = `<span class="state" data-status="${status}">${icon(statusIcons[status] + spin)}<span data-static="run-state">${statusWord(status)}</span></span>`;
  const epoch = `<span class="epoch" data-static="epoch">${epochWords(run)}</span>`;
  const done = shape && (shape.epochs === 0 ? 1 : trainedEpochs(run) + checkpoint.batch / shape.batchesPerEpoch);
  const amount = shape ? ` max="${Math.max(1, shape.epochs)}" value="${done}"` : '';
  const progress = status === 'failed' ? '' : `<progress aria-label="Epochs done"${amount}></progress>`;
  return `<div class="head-bar"><div class="head-title"><h1 data-static="run-name" title="${name}">${name}</h1>${elsewhere}</div>${controls(run)}<div class="head-state">${state}${epoch}</div>${progress}</div>`;
}

const elsewhere = `<div class="elsewhere">${button('folder-opened')}${button('go-to-file')}${button('link-external side-only')}</div>`;

/** The curve's own controls, for their room. */
const tools = `<div class="section-tools" aria-hidden="true"><span class="loss-window static-choice">All epochs</span>${button('table')}</div>`;

/** The buttons as they will be; they act once the page's script has run. */
function controls(run: RunState): string {
  const { status, checkpoint } = run;
  const untouched = checkpoint.epoch === 0 && checkpoint.batch === 0;
  const [mainIcon, words] = mainButton(status);
  const main = `<span class="static-main${status === 'opening' ? ' off' : ''}">${icon(mainIcon)}<span data-static="main">${words}</span></span>`;
  const others = [
    button('debug-step-back', 'Step Back', batchBefore(run) !== undefined),
    button('debug-step-over', 'Step', canResume(status)),
    button('debug-step-out', 'Step Epoch', canResume(status)),
    button('debug-restart', 'Restart', status !== 'opening' && !(status === 'ready' && untouched)),
    button('debug-stop', 'Stop', status === 'running' || status === 'paused' || status === 'opening'),
  ];
  return `<div class="controls" aria-hidden="true">${main}${others.join('')}</div>`;
}

function mainButton(status: RunStatus): [icon: string, words: string] {
  if (status === 'running') return ['debug-pause', 'Pause'];
  if (status === 'paused') return ['play', 'Resume'];
  return ['play', status === 'opening' || status === 'ready' ? 'Run' : 'Run Again'];
}

function button(name: string, words = '', isOn = true): string {
  const [iconName, ...classes] = name.split(' ');
  const text = words && `<span class="button-text">${words}</span>`;
  return `<span class="${['static-button', ...classes, ...(isOn ? [] : ['off'])].join(' ')}">${icon(iconName)}${text}</span>`;
}

function notice({ status, notice, problems }: RunState): string {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const words = status === 'failed' ? obstacleWords(problems) : notice;
  if (words === undefined) return '';
  const list = status === 'failed' ? errors.map(({ message }) => `<li>${escapeText(message)}</li>`).join('') : '';
  const severity = status === 'failed' || status === 'diverged' ? 'error' : 'information';
  const sign = icon(severity === 'error' ? 'error' : 'info');
  return `<div class="notice" data-severity="${severity}">${sign}<div><p data-static="notice">${escapeText(words)}</p>${list && `<ul class="problems">${list}</ul>`}</div></div>`;
}

function answer(run: RunState): string {
  const { shape, status } = run;
  if (!shape) return '';
  const { kind, sentence } = judge(run);
  const verdict = `<div class="verdict" data-kind="${kind}">${icon(verdictIcons[kind])}<p data-static="verdict">${escapeText(sentence)}</p></div>`;
  const { followed } = run.identity;
  const quality = isUntrained(run) || (followed !== undefined && !run.metrics) ? '' : qualities(run, shape);
  return `<section class="answer">${status === 'diverged' ? '' : verdict}${quality}</section>`;
}

function qualities({ metrics }: RunState, shape: RunShape): string {
  const words = metrics && qualityOf(metrics, shape);
  const line = (name: string, quality: Quality | undefined) =>
    `<div><dt>${name}</dt><dd class="quality-model">${quality?.model ?? '–'}</dd><dd class="quality-baseline">${escapeText(quality?.baseline ?? '')}</dd></div>`;
  const validation = shape.validationRows > 0 ? line('Validation', words?.validation) : '';
  return `<dl class="quality">${line('Training', words?.train)}${validation}</dl><div class="all-metrics"><span class="summary">All metrics</span></div>`;
}

function statistics(run: RunState): string {
  const numbers = headNumbers(run).map(({ key, name, value }) =>
    statistic(name, `<dd data-static="${key}">${value}</dd>`),
  );
  if (numbers.length === 0) return '';
  const speed = `<dd><span class="speed static-choice">${speedWords(run.batchesPerSecond)}</span></dd>`;
  const speedLine = run.identity.followed === undefined ? statistic('Speed', speed) : '';
  return `<dl class="statistics">${numbers.join('')}${speedLine}</dl>`;
}

function statistic(name: string, value: string): string {
  return `<div class="statistic"><dt>${name}</dt>${value}</div>`;
}

function readout(run: RunState): string {
  const { history, checkpoint } = run;
  const epoch = Math.min(history.length, checkpoint.epoch) - 1;
  const words =
    epoch >= 0 ? `Epoch ${formatCount(epoch + 1)}` : history.length > 0 ? 'Before training' : 'No epoch yet';
  const entry = (name: string, title: string, value: string) =>
    `<span class="readout-entry ${name}"><svg width="20" height="8"><line x1="0" x2="20" y1="4" y2="4"/></svg>${title} <span class="readout-value">${value}</span></span>`;
  const lossOf = (losses: Float64Array) => (epoch < 0 ? '' : formatNumber(losses[epoch]));
  const [validation, floor] = [validationOf(run), run.curvature?.optimum?.loss];
  const entries = [
    entry('training', 'Epoch average', lossOf(history.column('loss'))),
    validation && entry('validation', 'Validation', lossOf(validation)),
    floor !== undefined && entry('floor', 'Exact minimum', shownMinimum(floor, run)),
  ];
  return `<div class="readout"><span class="readout-epoch">${words}</span>${entries.filter(Boolean).join('')}</div>`;
}

function validationOf({ shape, history }: RunState): Float64Array | undefined {
  return shape && shape.validationRows > 0 ? history.column('valLoss') : undefined;
}

function icon(classes: string): string {
  return `<span class="codicon codicon-${classes}" aria-hidden="true"></span>`;
}
