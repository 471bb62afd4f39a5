/** Whatever an architecture and its command line may say, it stays in literals and comments of the module. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import ts from 'typescript';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Layer, LayerGraph } from '../../../compiler/2-graph/layer.ts';
import { declarationsOf } from '../../../compiler/7-emit/declarations.ts';
import { exportedNames } from '../../../compiler/programs.ts';
import { layerId } from '../../../compiler/shared/ids.ts';
import { compileFor, type EmissionOptions } from '../../support/emitted-model.ts';
import { hostileText, payload } from '../../support/hostile-text.ts';
import { residual, textGraph } from '../../support/text-graph.ts';

/** Every text that reaches the module, but for those that the compiler itself writes. */
interface Texts {
  /** One for each layer, all different. */
  readonly layers: readonly string[];
  /** Files of the layers: the architecture and what it imports. */
  readonly files: readonly string[];
  readonly source: string;
  readonly hash: string;
  readonly command: string;
  readonly runtime: string;
  readonly tensors: string;
}

const graph = textGraph(residual);
const plans: readonly EmissionOptions[] = [
  { bounds: 'exact', memoryBytes: 1 },
  { bounds: 'train:sketch', projections: 3 },
  { bounds: 'interval' },
];

const harmless: Texts = {
  layers: graph.layers.map(({ id }) => id),
  files: ['net.arch.ts'],
  source: 'net.arch.ts',
  hash: 'ab'.repeat(32),
  command: 'dualc compile net.arch.ts',
  runtime: 'dualc/runtime',
  tensors: 'dualc/runtime/tensors',
};

const hostileTexts: fc.Arbitrary<Texts> = fc.record({
  layers: fc.uniqueArray(hostileText, { minLength: graph.layers.length, maxLength: graph.layers.length }),
  files: fc.array(hostileText, { minLength: 1, maxLength: 3 }),
  source: hostileText,
  hash: hostileText,
  command: hostileText,
  runtime: hostileText,
  tensors: hostileText,
});

function withTexts({ layers, files, source, hash }: Texts): LayerGraph {
  const renamed = new Map(graph.layers.map(({ id }, index) => [id, layerId(layers[index]!)]));
  const rename = (id: Layer['id']): Layer['id'] => renamed.get(id)!;
  return {
    ...graph,
    source,
    sourceHash: hash,
    input: rename(graph.input),
    output: rename(graph.output),
    layers: graph.layers.map((layer, index) => ({
      ...layer,
      id: rename(layer.id),
      inputs: layer.inputs.map(rename),
      span: { ...layer.span, file: files[index % files.length]! },
    })),
  };
}

function emit(texts: Texts, plan: EmissionOptions, language: 'ts' | 'js') {
  const { command, runtime, tensors } = texts;
  return compileFor(withTexts(texts), { ...plan, language, command, runtime, tensors });
}

interface Outline {
  /** Kinds of all nodes, nested; a key is a key, whichever way it is written, and a literal is a literal. */
  readonly tree: string;
  readonly comments: number;
  readonly problems: readonly string[];
}

function outlineOf(text: string, name: 'module.ts' | 'module.js' | 'module.d.ts'): Outline {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
  const shapeOf = (node: ts.Node): string => {
    if (ts.isPropertyName(node) && !ts.isIdentifier(node)) return 'name';
    if (ts.isIdentifier(node)) return isKey(node) ? 'name' : 'Identifier';
    // A long text is the sum of its pieces.
    if (isText(node)) return 'name';
    const inner: string[] = [];
    ts.forEachChild(node, child => void inner.push(shapeOf(child)));
    // Whether a local value has the name of the field that holds it depends on the names that are taken.
    if (ts.isShorthandPropertyAssignment(node)) return `PropertyAssignment(name,${inner.join()})`;
    return `${ts.SyntaxKind[node.kind]}(${inner.join()})`;
  };
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, text);
  let comments = 0;
  let before = ts.SyntaxKind.Unknown;
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    if (kind === ts.SyntaxKind.WhitespaceTrivia || kind === ts.SyntaxKind.NewLineTrivia) continue;
    // A long comment goes on in the next line.
    if (kind === ts.SyntaxKind.SingleLineCommentTrivia && before !== kind) comments++;
    if (kind === ts.SyntaxKind.MultiLineCommentTrivia) comments++;
    before = kind;
  }
  return {
    tree: shapeOf(file),
    comments,
    problems: syntaxErrors(file).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' ')),
  };
}

const isText = (node: ts.Node): boolean =>
  ts.isStringLiteral(node) || (ts.isBinaryExpression(node) && isText(node.left) && isText(node.right));

/** The parser's own list: a program would read the imports as well. */
const syntaxErrors = (file: ts.SourceFile): readonly ts.Diagnostic[] =>
  (file as unknown as { parseDiagnostics: readonly ts.Diagnostic[] }).parseDiagnostics;

const isKey = (node: ts.Identifier): boolean =>
  (ts.isPropertyAssignment(node.parent) || ts.isPropertySignature(node.parent)) && node.parent.name === node;

/** What the compiler decides by the texts of the layers shows in the tree of no module. */
const plain = plans.map(plan =>
  (['ts', 'js'] as const).map(language => outlineOf(emit(harmless, plan, language).code, `module.${language}`)),
);

describe('a module of hostile texts', () => {
  it('has the syntax tree and the comments of a harmless one', () => {
    const cases = fc.tuple(hostileTexts, fc.nat(plans.length - 1), fc.constantFrom(0, 1));
    fc.assert(
      fc.property(cases, ([texts, plan, language]) => {
        const name = (['ts', 'js'] as const)[language];
        const { code, meta } = emit(texts, plans[plan]!, name);
        expect(outlineOf(code, `module.${name}`)).toEqual({ ...plain[plan]![language], problems: [] });
        expect(outlineOf(declarationsOf(meta, exportedNames, texts.runtime), 'module.d.ts')).toEqual(
          outlineOf(declarationsOf(meta, exportedNames, 'dualc/runtime'), 'module.d.ts'),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('differs from a harmless one in literals and comments only, when only files and the command are hostile', () => {
    const bare = (code: string): string => {
      const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, code);
      const tokens: string[] = [];
      for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan())
        tokens.push(kind === ts.SyntaxKind.StringLiteral ? 'text' : scanner.getTokenText());
      // A list over several lines ends with a comma, and a text over several lines is the sum of its pieces.
      return tokens
        .join(' ')
        .replace(/ ,(?= [)\]}])/g, '')
        .replace(/text( \+ text)+/g, 'text');
    };
    const wanted = bare(emit(harmless, {}, 'ts').code);
    fc.assert(
      fc.property(hostileTexts, texts => {
        expect(bare(emit({ ...texts, layers: harmless.layers }, {}, 'ts').code)).toBe(wanted);
      }),
      { numRuns: 25 },
    );
  });

  it('is told from one that lets a text out', () => {
    const { code } = emit(harmless, {}, 'ts');
    const leaking = code.replace('from net.arch.ts', `from net\n${payload}//.arch.ts`);
    expect(leaking).not.toBe(code);
    expect(outlineOf(leaking, 'module.ts').tree).not.toBe(outlineOf(code, 'module.ts').tree);
    const swallowing = code.replace("from 'dualc/runtime';", "from 'dualc/runtime'; /*").replace('/** What', 'What');
    expect(outlineOf(swallowing, 'module.ts')).not.toEqual(outlineOf(code, 'module.ts'));
    expect(outlineOf(`${code}\n*/`, 'module.ts').problems).not.toEqual([]);
  });
});

describe('imported by Node, a module of hostile texts', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dualc-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('runs nothing of them, and says of itself what it was given', () => {
    const address = (file: string): string =>
      pathToFileURL(fileURLToPath(new URL(`../../../dist/runtime/${file}`, import.meta.url))).href;
    const real = { runtime: address('index.js'), tensors: address('tensors.js') };
    const samples = fc.sample(hostileTexts, { numRuns: 40, seed: 1 });
    const names = samples.map((texts, index) => {
      const file = `module-${index}.mjs`;
      writeFileSync(join(folder, file), emit({ ...texts, ...real }, plans[index % plans.length]!, 'js').code);
      return file;
    });
    writeFileSync(
      join(folder, 'import-all.mjs'),
      `const said = [];
       for (const file of ${JSON.stringify(names)}) said.push((await import('./' + file)).meta.layers.map(({ name }) => name));
       console.log(JSON.stringify({ said, ran: 'dualcWasRun' in globalThis }));`,
    );
    const output = execFileSync(process.execPath, ['import-all.mjs'], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    expect(JSON.parse(output.trim().split('\n').at(-1)!)).toEqual({
      said: samples.map(({ layers }) => layers),
      ran: false,
    });
  });
});
