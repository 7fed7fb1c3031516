import { Uri, l10n, window, workspace, type TextDocument } from 'vscode';
import { fixId } from '../../advice/fixes/configFix';
import { offeredFixes } from '../../advice/verdicts/offeredFixes';
import { parseConfig } from '../../config/parseConfig';
import { datasetConfig, generatedConfig, tutorialConfig } from '../../config/templates/template';
import { datasetExtensions } from '../../base/datasetFormats';
import type { DatasetSummary } from '../../data/describeTable';
import type { ReadOptions } from '../../data/table/table';
import { cautiousRate } from '../../engine/report/cautiousRate';
import { chosenDates, chosenTemplate, inputOffers, targetOffers, type ColumnChoice } from '../../advice/columnOffers';
import { editFor } from '../documents/configEdits';
import { openIfThere, openUntitledConfig, writeConfigBeside } from '../documents/configDocuments';
import { configOf } from './recordedConfigs';
import { isConfig, isSnapshot } from '../documents/configChecks';
import { isDataFile, nameDataFile, namedFilesOf, readNamedFiles } from '../documents/dataFiles';
import type { DatasetInspector } from '../documents/datasetInspector';
import { configsOf } from '../pickers/offeredFiles';
import { pickColumns } from '../pickers/pickColumns';
import { pickStart } from '../pickers/pickStart';
import { plainText } from '../base/plainText';
import { withSlowProgress } from '../base/slowProgress';
import { measuredRate } from './measuredRate';
import type { RunSource } from './runSource';
import type { TrainingRun } from './trainingRun';
import type { TrainingRuns } from './trainingRuns';

/** Turns configs, data files and answers to questions into runs. */
export class RunStarter {
  constructor(
    private readonly runs: TrainingRuns,
    private readonly inspector: DatasetInspector,
    private readonly reveal: () => Promise<void>,
  ) {}

  /** Runs a config or a data file. Says so where it is neither. */
  async runFile(uri: Uri): Promise<void> {
    if (isDataFile(uri)) return this.runDataFile(uri);
    const document = await openIfThere(uri);
    if (document && isConfig(document)) return this.runConfig(document);
    if (document && isSnapshot(uri)) {
      return showError(l10n.t('This is an old version of {0}. Run the current file instead.', configName(uri)));
    }
    await showError(
      l10n.t(
        '{0} is neither a config (*.gd.json) nor a dataset ({1}).',
        workspace.asRelativePath(uri),
        datasetExtensions.map((extension) => `.${extension}`).join(', '),
      ),
    );
  }

  /** Runs the config of an earlier run, see `configOf`. */
  async runAgain(run: TrainingRun): Promise<void> {
    await this.runConfig(await configOf(run));
  }

  /**
   * Writes a fix into the config of a run, as an edit that can be undone, and runs it. One that is not offered now is
   * refused: what happened since the click has shown that something else would help.
   */
  async applyFix(run: TrainingRun, id: string): Promise<void> {
    const fix = offeredFixes(run.state).find((offered) => fixId(offered) === id);
    if (!fix) return;
    const document = await configOf(run);
    if (await workspace.applyEdit(editFor(document, fix))) await this.runConfig(document);
  }

  /** Runs a config as it stands in the editor, saved or not. */
  async runConfig(document: TextDocument, how: 'run' | 'rest' = 'run'): Promise<void> {
    const { uri } = document;
    const configText = document.getText();
    const revealed = this.reveal();
    this.runs.start(
      { name: configName(uri), configUri: uri.toString() },
      {
        configText,
        configFile: workspace.asRelativePath(uri),
        seed: parseConfig(configText).draft.seed ?? drawSeed(),
        readFile: readFileFor(configText, uri.toString()),
      },
      how,
    );
    await revealed;
  }

  /** Asks what to predict from what, writes a config beside the data and runs it. */
  async runDataFile(uri: Uri): Promise<void> {
    const fileName = uri.path.slice(uri.path.lastIndexOf('/') + 1);
    const answer = await this.askOfData(uri, fileName);
    if (!answer) return;
    if ('config' in answer) {
      const document = await openIfThere(answer.config);
      if (!document) return;
      await window.showTextDocument(document, { preview: false });
      return this.runConfig(document);
    }
    const { summary, choice, reading } = answer;
    const textFor = (configUri: Uri | undefined, lr?: number) => {
      const template = chosenTemplate(summary, nameDataFile(uri, configUri), choice, reading);
      return datasetConfig({ ...template, lr: lr ?? template.lr });
    };
    const lr = await measuredRate(this.inspector, uri, textFor);
    await this.runConfig(await writeConfigBeside(uri, (configUri) => textFor(configUri, lr)));
  }

  /** What is to be trained on a data file: a config that it has already, or a choice of its columns and how they are read. */
  private async askOfData(
    uri: Uri,
    fileName: string,
  ): Promise<{ config: Uri } | { summary: DatasetSummary; choice: ColumnChoice; reading: ReadOptions } | undefined> {
    const configs = await configsOf(uri);
    const first = await this.glance(uri, fileName, {});
    const start = first && (await pickStart(fileName, first, configs));
    if (!start || 'config' in start) return start;
    const summary = start.skipRows === undefined ? first : await this.glance(uri, fileName, start);
    if (!summary) return undefined;
    const problem = unusable(summary);
    if (problem) {
      await showError(l10n.t('{0} cannot be trained on: {1}', fileName, problem));
      return undefined;
    }
    const choice = await pickColumns(fileName, summary, configs);
    if (!choice || 'config' in choice) return choice;
    const dates = chosenDates(summary, choice.inputs);
    const reading = { ...start, ...(dates && { dates }) };
    const read = dates ? await this.glance(uri, fileName, reading) : summary;
    return read && { summary: read, choice, reading };
  }

  /** What the beginning of a data file shows; undefined where it cannot be read, which a message says. */
  private async glance(uri: Uri, fileName: string, options: ReadOptions): Promise<DatasetSummary | undefined> {
    const summary = await withSlowProgress(plainText(l10n.t('Reading {0}', fileName)), (token) =>
      this.inspector.glance(uri, options, token),
    );
    if (summary !== 'missing') return summary;
    await showError(l10n.t('{0} no longer exists.', fileName));
    return undefined;
  }

  /** Opens the tutorial's config as a new document and runs it. */
  async runTutorial(): Promise<void> {
    await this.runConfig(await openUntitledConfig('tutorial', tutorialConfig()));
  }

  /** Asks for the size of a dataset to draw, opens its config as a new document and runs it. */
  async runGenerated(): Promise<void> {
    const samples = await askCount(l10n.t('Number of rows'), 100, 1);
    const features = samples && (await askCount(l10n.t('Number of input columns'), 3, 2));
    if (!samples || !features) return;
    // Standard normal inputs beyond ±3 are rare.
    const lr = cautiousRate(Array.from({ length: features }, () => 3));
    const text = generatedConfig({ samples, features, noise: 0.1, lr, batchSize: Math.min(10, samples), epochs: 100 });
    await this.runConfig(await openUntitledConfig('generated', text));
  }
}

/** Says what cannot be done; names of files and what they hold are in the message as they are. */
export async function showError(message: string): Promise<void> {
  await window.showErrorMessage(plainText(message));
}

/** What people call a config: its file name without the ending. */
export function configName(uri: Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1).replace(/\.gd\.json$/i, '');
}

/** How to read the data files that a config names. */
export function readFileFor(configText: string, configUri: string | undefined): RunSource['readFile'] {
  return () => readNamedFiles(namedFilesOf(configText, configUri === undefined ? undefined : Uri.parse(configUri)));
}

function unusable(summary: DatasetSummary): string | undefined {
  const error = summary.problems.find((problem) => problem.severity === 'error');
  if (targetOffers(summary).some(({ name }) => inputOffers(summary, name).length > 0)) return undefined;
  return (
    error?.message ??
    l10n.t('it needs at least two columns of numbers or categories: one to predict, and one to predict it from.')
  );
}

/** A seed for a run whose config gives none. */
export function drawSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0];
}

async function askCount(title: string, value: number, step: number): Promise<number | undefined> {
  const answer = await window.showInputBox({
    title: l10n.t('Generate data ({0}/2)', step),
    prompt: title,
    value: String(value),
    validateInput: (text) =>
      /^[1-9]\d{0,6}$/.test(text.trim()) ? undefined : l10n.t('Enter a whole number from 1 to 9,999,999.'),
  });
  return answer === undefined ? undefined : Number(answer);
}
