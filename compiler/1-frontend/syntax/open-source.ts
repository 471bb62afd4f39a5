/**
 * The one file that knows ts-morph: parses the text of an architecture file. Only its syntax tree is used: no types are checked and
 * nothing is executed.
 */
import { ts } from 'ts-morph';
import type { SourceSpan } from '../../shared/span.ts';

export { ts };

export interface SyntaxProblem {
  readonly message: string;
  readonly span: SourceSpan;
}

export interface OpenSource {
  readonly tree: ts.SourceFile;
  readonly problems: readonly SyntaxProblem[];
  /** The place of a node, without the comments before it. */
  spanOf(node: ts.Node): SourceSpan;
}

/**
 * @param file the name shown in spans
 * @throws RangeError when the text is nested too deeply for the parser
 */
export function openSource(file: string, text: string): OpenSource {
  const tree = ts.createSourceFile('input.arch.ts', text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const span = (start: number, end: number): SourceSpan => ({
    file,
    start: positionAt(tree, start),
    end: positionAt(tree, end),
  });
  return {
    tree,
    problems: syntaxProblems(tree).map(problem => ({
      message: ts.flattenDiagnosticMessageText(problem.messageText, ' ').replace(/\.$/, ''),
      span: span(problem.start ?? 0, (problem.start ?? 0) + (problem.length ?? 0)),
    })),
    spanOf: node => span(node.getStart(tree), node.getEnd()),
  };
}

/** The parser shows its findings through a program only; this one has no library, follows no import and is never asked for types. */
function syntaxProblems(tree: ts.SourceFile): readonly ts.Diagnostic[] {
  const host: ts.CompilerHost = {
    getSourceFile: name => (name === tree.fileName ? tree : undefined),
    fileExists: name => name === tree.fileName,
    readFile: () => undefined,
    writeFile: () => undefined,
    getDefaultLibFileName: () => 'lib.d.ts',
    getCurrentDirectory: () => '',
    getCanonicalFileName: name => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
  };
  const options = { noLib: true, noResolve: true, types: [], target: ts.ScriptTarget.Latest };
  return ts.createProgram({ rootNames: [tree.fileName], options, host }).getSyntacticDiagnostics(tree);
}

function positionAt(tree: ts.SourceFile, offset: number): SourceSpan['start'] {
  const { line, character } = tree.getLineAndCharacterOfPosition(Math.min(offset, tree.end));
  return { line: line + 1, column: character + 1 };
}
