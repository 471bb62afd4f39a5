/** Emitted TypeScript stands in other people's projects: it must pass their strictest settings. */
import { Project, ts } from 'ts-morph';
import { describe, expect, it } from 'vitest';
import { declarationsOf } from '../../../compiler/7-emit/declarations.ts';
import { exportedNames } from '../../../compiler/programs.ts';
import { compileFor, type EmissionOptions } from '../../support/emitted-model.ts';
import { convolutional, residual, textGraph } from '../../support/text-graph.ts';

const withoutWeights = `
  x = input() : [3]
  output x`;
const hostile = residual.replaceAll('inner', 'p').replaceAll('after', 'relu_1').replaceAll(/\bh\b/g, 'relu1');

const modules: readonly (readonly [string, string, EmissionOptions])[] = [
  ['exact', convolutional, { bounds: 'exact', memoryBytes: 20_000 }],
  ['sketch', convolutional, { bounds: 'train:sketch', ball: { norm: 'l2', epsilon: 0.1 } }],
  ['interval', residual, { bounds: 'interval' }],
  ['hostile', hostile, {}],
  ['without-weights', withoutWeights, {}],
];

describe('emitted TypeScript', () => {
  it('passes the strictest settings of the compiler, declarations too', () => {
    const project = new Project({
      tsConfigFilePath: 'tsconfig.json',
      skipAddingFilesFromTsConfig: true,
      compilerOptions: { noUnusedLocals: true, noUnusedParameters: true, skipLibCheck: true },
    });
    for (const [name, text, options] of modules) {
      const { code, meta } = compileFor(textGraph(text), options);
      project.createSourceFile(`test/.generated/types-${name}.ts`, code, { overwrite: true });
      project.createSourceFile(
        `test/.generated/declared-${name}.d.ts`,
        declarationsOf(meta, exportedNames, '../../runtime/index.ts'),
        {
          overwrite: true,
        },
      );
    }
    const problems = project.getPreEmitDiagnostics().map(diagnostic => {
      const message = ts.flattenDiagnosticMessageText(diagnostic.compilerObject.messageText, ' ');
      return `${diagnostic.getSourceFile()?.getBaseName()}:${diagnostic.getLineNumber()} ${message}`;
    });
    expect(problems).toEqual([]);
  });
});
