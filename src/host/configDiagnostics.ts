import {
  CodeAction,
  CodeActionKind,
  Diagnostic,
  DiagnosticSeverity,
  Range,
  WorkspaceEdit,
  l10n,
  languages,
  workspace,
  type CodeActionContext,
  type CodeActionProvider,
  type TextDocument,
  type Uri,
} from 'vscode';
import { checkConfig } from '../config/checkConfig';
import { parseConfig } from '../config/parseConfig';
import type { Problem } from '../problem';
import { readOptionsOf } from '../run/readOptions';
import { dataFileOf } from './dataFiles';
import type { DatasetInspector } from './datasetInspector';
import { Disposables } from './disposables';

/** Configs, wherever they are. */
export const configSelector = [{ pattern: '**/*.gd.json' }, { language: 'jsonc', scheme: 'untitled' }];
/** Milliseconds without typing before a config is checked. */
const typingPause = 150;

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
};

/** True where a document is a config: by its name, or an untitled one that holds what a config must. */
export function isConfig(document: TextDocument): boolean {
  if (/\.gd\.json$/i.test(document.uri.path)) return true;
  if (document.uri.scheme !== 'untitled' || document.languageId !== 'jsonc') return false;
  const { draft } = parseConfig(document.getText());
  return draft.dataset !== undefined && draft.optimizer !== undefined;
}

/** Underlines in open configs what the JSON schema cannot see, and offers the text that would put it right. */
export class ConfigDiagnostics extends Disposables implements CodeActionProvider {
  private readonly collection = this.own(languages.createDiagnosticCollection('Gradient Descent'));
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(private readonly inspector: DatasetInspector) {
    super();
    this.own(workspace.onDidOpenTextDocument((document) => this.plan(document, 0)));
    this.own(workspace.onDidChangeTextDocument(({ document }) => this.documentChanged(document)));
    this.own(workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)));
    this.own(
      languages.registerCodeActionsProvider(configSelector, this, {
        providedCodeActionKinds: [CodeActionKind.QuickFix],
      }),
    );
    const watcher = this.own(workspace.createFileSystemWatcher('**/*.{csv,tsv,txt}'));
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) {
      this.own(event((uri) => this.recheckConfigsOf(uri)));
    }
    this.own({ dispose: () => this.timers.forEach((timer) => clearTimeout(timer)) });
    for (const document of workspace.textDocuments) this.plan(document, 0);
  }

  provideCodeActions(document: TextDocument, _: Range, { diagnostics }: CodeActionContext): CodeAction[] {
    return diagnostics.filter(isOurs).map((diagnostic) => {
      const action = new CodeAction(l10n.t('Change to {0}', diagnostic.suggestion), CodeActionKind.QuickFix);
      action.edit = new WorkspaceEdit();
      action.edit.replace(document.uri, diagnostic.range, diagnostic.suggestion);
      action.diagnostics = [diagnostic];
      action.isPreferred = true;
      return action;
    });
  }

  private documentChanged(document: TextDocument): void {
    this.plan(document, typingPause);
    if (/\.(csv|tsv|txt)$/i.test(document.uri.path)) this.recheckConfigsOf(document.uri);
  }

  private recheckConfigsOf(dataUri: Uri): void {
    for (const document of workspace.textDocuments) {
      if (isConfig(document) && dataFileOf(document.getText(), document.uri)?.toString() === dataUri.toString()) {
        this.plan(document, typingPause);
      }
    }
  }

  private plan(document: TextDocument, milliseconds: number): void {
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    if (!isConfig(document)) return;
    this.timers.set(
      key,
      setTimeout(() => void this.check(document), milliseconds),
    );
  }

  private forget(uri: Uri): void {
    clearTimeout(this.timers.get(uri.toString()));
    this.timers.delete(uri.toString());
    this.collection.delete(uri);
  }

  private async check(document: TextDocument): Promise<void> {
    const { version } = document;
    const text = document.getText();
    const parsed = parseConfig(text);
    const dataUri = dataFileOf(text, document.uri);
    const { dataset } = parsed.draft;
    const options = dataset && 'file' in dataset ? readOptionsOf(dataset) : {};
    const known = dataUri && (await this.inspector.describe(dataUri, options));
    if (document.isClosed || document.version !== version) return;
    const problems = [...parsed.problems, ...checkConfig(parsed, known)].filter((problem) => !problem.schema);
    this.collection.set(document.uri, problems.map(toDiagnostic));
  }
}

interface FixableDiagnostic extends Diagnostic {
  suggestion: string;
}

function isOurs(diagnostic: Diagnostic): diagnostic is FixableDiagnostic {
  return 'suggestion' in diagnostic && typeof diagnostic.suggestion === 'string';
}

/** A problem's place as VS Code counts it. */
export function rangeOf(problem: Problem): Range {
  return new Range(problem.line - 1, problem.column - 1, problem.endLine - 1, problem.endColumn - 1);
}

function toDiagnostic(problem: Problem): Diagnostic {
  const diagnostic = new Diagnostic(rangeOf(problem), problem.message, severities[problem.severity]);
  diagnostic.source = 'Gradient Descent';
  if (problem.code) diagnostic.code = problem.code;
  if (problem.suggestion !== undefined) Object.assign(diagnostic, { suggestion: problem.suggestion });
  return diagnostic;
}
