/** The flags of VS Code that the launcher follows; it ignores the others. */
export interface LaunchArguments {
  extensionDevelopmentPath: string;
  extensionTestsPath: string;
  folder: string;
  /** The extension runs in an extension host in the browser. */
  inBrowser: boolean;
  userDataFolder?: string;
  extensionsFolder?: string;
}

/**
 * Reads VS Code's command line, `--flag=value` or `--flag value`.
 *
 * @throws when the extension, its tests or the folder to open is missing
 */
export function parseLaunchArguments(args: string[]): LaunchArguments {
  const values = new Map<string, string>();
  const folders: string[] = [];
  const withValue = ['extensionDevelopmentPath', 'extensionDevelopmentKind', 'extensionTestsPath'];
  withValue.push('user-data-dir', 'extensions-dir');
  for (let i = 0; i < args.length; i++) {
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(args[i]) ?? [];
    if (!name) folders.push(args[i]);
    else if (withValue.includes(name)) values.set(name, value ?? args[++i] ?? '');
  }
  const required = (name: string, value: string | undefined) => {
    if (value) return value;
    throw new Error(`launcher: ${name} is missing; VS Code's own flags are expected.`);
  };
  const userDataFolder = values.get('user-data-dir');
  const extensionsFolder = values.get('extensions-dir');
  return {
    extensionDevelopmentPath: required('--extensionDevelopmentPath', values.get('extensionDevelopmentPath')),
    extensionTestsPath: required('--extensionTestsPath', values.get('extensionTestsPath')),
    folder: required('the folder to open', folders[0]),
    inBrowser: values.get('extensionDevelopmentKind') === 'web',
    ...(userDataFolder ? { userDataFolder } : {}),
    ...(extensionsFolder ? { extensionsFolder } : {}),
  };
}
