import { extensionId } from './paths';

/** User settings that keep everything but the extension off the screen and off the network. */
export const quietSettings: Record<string, unknown> = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.reduceMotion': 'on',
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'window.autoDetectColorScheme': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'security.workspace.trust.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'git.enabled': false,
  'files.hotExit': 'off',
  'files.autoSave': 'off',
  // Quick open lists the files of the folder alone.
  'search.quickOpen.includeHistory': false,
};

/** User settings that make the extension host in the browser run the extension, not the one of the server. */
export const runInBrowser: Record<string, unknown> = { 'remote.extensionKind': { [extensionId]: ['web'] } };
