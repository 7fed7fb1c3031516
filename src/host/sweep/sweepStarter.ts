import { CancellationError, l10n, window, workspace, type QuickPickItem, type TextDocument } from 'vscode';
import { formatTimes } from '../../base/format';
import { isOverLimit, type ComparedRun } from '../../compare/comparedRun';
import { parseConfig } from '../../config/parseConfig';
import type { Config } from '../../config/schema';
import type { FileContent } from '../../protocol/protocol';
import { memberName, memberTexts, membersOf, rowsOf, type MemberSettings } from '../../sweep/members';
import { startAhead } from '../../sweep/startAhead';
import { plainText } from '../base/plainText';
import { readSettings } from '../base/settings';
import { withSlowProgress } from '../base/slowProgress';
import { newIdentity } from '../runs/newIdentity';
import { configName, drawSeed, readFileFor, showError } from '../runs/runStarter';
import type { TrainingRuns } from '../runs/trainingRuns';
import { Sweep, type SweepMember, type SweepWorkers } from './sweep';

/** Turns configs with a sweep into runs that train side by side. */
export class SweepStarter {
  /** @param show opens the members' comparison. */
  constructor(
    private readonly runs: TrainingRuns,
    private readonly workers: SweepWorkers,
    private readonly show: (sweep: Sweep) => void,
  ) {}

  /** Runs the sweep of a config as it stands in the editor, saved or not. Asks about members over their limit first. */
  async run(document: TextDocument): Promise<void> {
    const file = workspace.asRelativePath(document.uri);
    const { config, problems } = parseConfig(document.getText(), file);
    if (!config) return showError(l10n.t('{0} cannot be trained on: {1}', file, problems[0].message));
    if (!config.sweep) {
      const example = '"sweep": { "optimizer.lr": [0.01, 0.1] }';
      return showError(l10n.t('{0} has no sweep. Add e.g. {1}.', file, example));
    }
    const settings = membersOf(config);
    const { keptRuns } = readSettings();
    if (settings.length > keptRuns) {
      return showError(
        l10n.t(
          'The sweep has {0} members, and only {1} runs are kept; see the setting {2}.',
          settings.length,
          keptRuns,
          'gradientDescent.keptRuns',
        ),
      );
    }
    const { jobs } = this.workers;
    const ahead = startAhead(this.workers.startWorker, Math.min(jobs, settings.length));
    try {
      const members = await sweepMembers(document, config, settings);
      await this.train(new Sweep(configName(document.uri), members, { ...ahead, jobs }, this.runs), members);
    } finally {
      ahead.dispose();
    }
  }

  private async train(sweep: Sweep, members: readonly SweepMember[]): Promise<void> {
    try {
      const chosen = await chosenMembers(sweep, members);
      if (!chosen) return;
      const trained = sweep.train(chosen);
      this.show(sweep);
      await trained;
    } finally {
      sweep.dispose();
    }
  }
}

/** Looks at all members and asks which of those over their limit to train. Undefined where a person gave up, or none can be trained. */
async function chosenMembers(sweep: Sweep, members: readonly SweepMember[]): Promise<number[] | undefined> {
  const title = l10n.t('Looking at {0} members', members.length);
  const compared = await withSlowProgress(title, async (token) => {
    token.onCancellationRequested(() => sweep.dispose());
    const found = await sweep.check();
    if (token.isCancellationRequested) throw new CancellationError();
    return found;
  });
  if (!compared) return undefined;
  const { failed } = sweep;
  if (failed.length > 0) {
    const [{ index, reason }] = failed;
    const first = `${members[index].identity.sets}: ${reason}`;
    const message = l10n.t('{0} of {1} members cannot be trained. {2}', failed.length, members.length, first);
    if (failed.length === members.length) {
      await showError(message);
      return undefined;
    }
    void window.showWarningMessage(plainText(message));
  }
  const left = await leftOut(compared, members);
  const without = new Set([...failed.map(({ index }) => index), ...(left ?? [])]);
  return left && [...members.keys()].filter((index) => !without.has(index));
}

/** The members over their limit that a person leaves out; undefined where they gave up. */
async function leftOut(
  compared: readonly ComparedRun[],
  members: readonly SweepMember[],
): Promise<number[] | undefined> {
  const over = compared.flatMap((run, index): (QuickPickItem & { index: number })[] => {
    if (!isOverLimit(run)) return [];
    const description = l10n.t('{0} the limit', formatTimes(run.limit!.share));
    return [{ index, label: plainText(members[index].identity.sets ?? ''), description, picked: true }];
  });
  if (over.length === 0) return [];
  const picked = await window.showQuickPick(over, {
    canPickMany: true,
    ignoreFocusOut: true,
    title: l10n.t('{0} of {1} members are over their limit', over.length, members.length),
    placeHolder: l10n.t('Uncheck members to leave them out. Enter trains the others.'),
  });
  return picked && over.filter((one) => !picked.includes(one)).map(({ index }) => index);
}

/** All members, each as a config of its own; the data file of several is read from one place. */
async function sweepMembers(
  document: TextDocument,
  config: Config,
  settings: readonly MemberSettings[],
): Promise<SweepMember[]> {
  const configText = document.getText();
  const configUri = document.uri.toString();
  const configFile = workspace.asRelativePath(document.uri);
  const [texts, seed] = [memberTexts(configText, settings), config.seed ?? drawSeed()];
  const files = new Map<string, Promise<FileContent | undefined>>();
  const members = settings.map(async (one, i): Promise<SweepMember> => {
    const text = texts[i];
    const readFile = readFileFor(text, configUri);
    const rows = JSON.stringify(Object.entries(one).filter(([key]) => /^dataset(\.|$)/.test(key)));
    const reading = files.get(rows) ?? readFile();
    files.set(rows, reading);
    const file = await reading;
    const name = `${configName(document.uri)}-${i + 1}`;
    return {
      identity: { ...newIdentity(), name, configUri, sets: memberName(one) },
      alike: rowsOf(one),
      request: { configText: text, configFile, seed, rows, ...(file && { file }) },
      source: { configText: text, configFile, seed, readFile },
    };
  });
  return Promise.all(members);
}
