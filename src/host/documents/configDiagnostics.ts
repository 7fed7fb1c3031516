import {
  CodeAction,
  CodeActionKind,
  Diagnostic,
  DiagnosticSeverity,
  Range,
  WorkspaceEdit,
  l10n,
  languages,
  type CodeActionContext,
  type CodeActionProvider,
  type TextDocument,
  type Uri,
} from 'vscode';
import type { ConfigFix } from '../../advice/fixes/configFix';
import { problemFixes } from '../../advice/findings/problemFixes';
import { settingCode, settingFix, unstableSettings } from '../../advice/fixes/unstableSettings';
import type { Problem } from '../../base/problem';
import { configSelector, type ConfigChecks } from './configChecks';
import { editFor } from './configEdits';
import { Disposables } from '../base/disposables';

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
};

/** Underlines in open configs what the JSON schema cannot see, and in their data files the cells that cannot be used, and offers what would put it right. */
export class ConfigDiagnostics extends Disposables implements CodeActionProvider {
  private readonly collection = this.own(languages.createDiagnosticCollection('Gradient Descent'));
  private readonly dataCollection = this.own(languages.createDiagnosticCollection('Gradient Descent: data'));
  /** The data files of each open config. */
  private readonly dataUris = new Map<string, Uri[]>();

  constructor(private readonly checks: ConfigChecks) {
    super();
    this.own(checks.onChange((uri) => this.show(uri)));
    this.own(
      languages.registerCodeActionsProvider(configSelector, this, {
        providedCodeActionKinds: [CodeActionKind.QuickFix],
      }),
    );
  }

  provideCodeActions(document: TextDocument, _: Range, { diagnostics }: CodeActionContext): CodeAction[] {
    const check = this.checks.of(document.uri);
    // What was found in another text is not where it was any more.
    if (check?.version !== document.version) return [];
    const spelling = diagnostics.filter(isOurs).map((diagnostic) => {
      const action = quickFix(l10n.t('Change to {0}', diagnostic.suggestion), diagnostic);
      action.edit = new WorkspaceEdit();
      action.edit.replace(document.uri, diagnostic.range, diagnostic.suggestion);
      action.isPreferred = true;
      return action;
    });
    const { checked, parsed } = check;
    const settings = { code: settingCode, fixes: unstableSettings(parsed.draft.optimizer).map(settingFix) };
    const found = [settings, ...(checked ? problemFixes(checked) : [])];
    const fixing = found.flatMap(({ code, fixes }) => {
      const mended = diagnostics.find((diagnostic) => diagnostic.code === code);
      return mended ? fixes.map((fix, index) => fixAction(document, fix, mended, index === 0)) : [];
    });
    return [...spelling, ...fixing];
  }

  private show(uri: Uri): void {
    const check = this.checks.of(uri);
    this.collection.set(uri, check?.problems.map(toDiagnostic));
    const before = this.dataUris.get(uri.toString()) ?? [];
    const now = check?.dataFiles.map((file) => file.uri) ?? [];
    if (now.length > 0) this.dataUris.set(uri.toString(), now);
    else this.dataUris.delete(uri.toString());
    for (const file of new Map([...before, ...now].map((one) => [one.toString(), one])).values()) this.showData(file);
  }

  /** Several configs may find the same in one file. */
  private showData(dataUri: Uri): void {
    const files = [...this.dataUris.keys()].flatMap((config) => this.checks.ofKey(config)?.dataFiles ?? []);
    const found = files.flatMap(({ uri, problems }) => (uri.toString() === dataUri.toString() ? problems : []));
    const distinct = new Map(found.map((problem) => [`${problem.line}:${problem.column}:${problem.message}`, problem]));
    this.dataCollection.set(dataUri, [...distinct.values()].map(toDiagnostic));
  }
}

function fixAction(document: TextDocument, fix: ConfigFix, diagnostic: Diagnostic, isPreferred: boolean): CodeAction {
  const action = quickFix(fix.title, diagnostic);
  action.edit = editFor(document, fix);
  action.isPreferred = isPreferred;
  return action;
}

function quickFix(title: string, diagnostic: Diagnostic): CodeAction {
  const action = new CodeAction(title, CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  return action;
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
