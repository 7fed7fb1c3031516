import { workspace, type WorkspaceConfiguration } from 'vscode';

/** Prefix of every setting, command and context key. */
export const section = 'gradientDescent';

/** The extension's settings. Their defaults are in the manifest alone. */
export interface Settings {
  /** Run a config again whenever it is saved. */
  runOnSave: boolean;
  openRunsIn: 'sidePanel' | 'editor';
  updatesPerSecond: number;
  /** Runs in the list, at most; the oldest goes first. */
  keptRuns: number;
}

/** The settings as they are now. */
export function readSettings(): Settings {
  const settings = workspace.getConfiguration(section);
  return {
    runOnSave: settings.get<boolean>('runOnSave') === true,
    openRunsIn: settings.get<string>('openRunsIn') === 'editor' ? 'editor' : 'sidePanel',
    updatesPerSecond: Math.min(60, Math.max(1, numberIn(settings, 'updatesPerSecond'))),
    keptRuns: Math.max(1, Math.floor(numberIn(settings, 'keptRuns'))),
  };
}

/** A number of the settings; its default where a person has written something else. */
function numberIn(settings: WorkspaceConfiguration, name: 'updatesPerSecond' | 'keptRuns'): number {
  return Number(settings.get(name)) || Number(settings.inspect(name)?.defaultValue);
}
