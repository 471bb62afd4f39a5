import { describe, expect, it } from 'vitest';
import { parseProgram } from '../../../compiler/5-program/parse-program.ts';
import { liveness } from '../../../compiler/6-passes/liveness.ts';
import { nameValues } from '../../../compiler/7-emit/name-values.ts';

function namesOf(text: string, reserved: readonly string[] = []): Record<string, string> {
  const program = parseProgram(text);
  return Object.fromEntries(nameValues(liveness(program), program.outputs, reserved));
}

const x = '%0 = input "x" : [b, 2]   ; source | - | x | -';
const value = (out: number, of: number, section: string, layer: string, role: string): string =>
  `%${out} = exp(%${of}) : [b, 2]   ; ${section} | ${layer} | ${role} | -`;

describe('nameValues', () => {
  it('puts the layer first, unless the function is about it', () => {
    expect(
      namesOf(`${x}
        ${value(1, 0, 'bounds:relu1', 'relu1', 'lower')}
        ${value(2, 1, 'bounds:relu1', 'conv1', 'centre')}
        ${value(3, 2, 'bounds:relu1', '-', 'band radius')}
        ${value(4, 3, 'gradient:bounds:relu1', 'relu1', 'lower gradient')}
        out y = %4`),
    ).toEqual({ 1: 'lower', 2: 'conv1Centre', 3: 'bandRadius', 4: 'lowerGradient' });
  });

  it('numbers values of one function that would be called the same, and starts again in the next', () => {
    expect(
      namesOf(`${x}
        ${value(1, 0, 'one', 'a', 'dual')}
        ${value(2, 1, 'one', 'b', 'norm')}
        ${value(3, 2, 'one', 'a', 'dual')}
        ${value(4, 3, 'two', 'a', 'dual')}
        out y = %4`),
    ).toEqual({ 1: 'aDual', 2: 'bNorm', 3: 'aDual2', 4: 'aDual' });
  });

  it('avoids names that mean something else, and words of the language', () => {
    expect(
      namesOf(
        `${x}\n${value(1, 0, 'one', 'unit', 'rows')}\n${value(2, 1, 'one', '-', 'default')}\n${value(3, 2, 'one', '-', 'x')}\nout y = %3`,
        ['unitRows', 'x'],
      ),
    ).toEqual({ 1: 'unitRows2', 2: 'default_', 3: 'x2' });
  });

  it('calls the gradient of a parameter after the parameter', () => {
    expect(
      namesOf(`${x}\n${value(1, 0, 'gradient:main', 'relu1', 'output gradient')}\nout gradient.conv1.weight = %1`),
    ).toEqual({ 1: 'conv1WeightGradient' });
  });

  it('calls the gradient of a value of another layer after that layer', () => {
    expect(
      namesOf(`${x}
        ${value(1, 0, 'one', 'conv1', 'slope')}
        ${value(2, 1, 'gradient:one', 'relu1', 'conv1 slope gradient')}
        out y = %2`),
    ).toEqual({ 1: 'conv1Slope', 2: 'conv1SlopeGradient' });
  });

  it('tells values of a chunk loop from those around it', () => {
    expect(
      namesOf(`
        %0 = param "w" : [4, 2]   ; source | - | w | -
        %1 = exp(%0) : [4, 2]   ; one | - | rows | -
        %2 = summedChunks {rows: 4, size: 2} : [] {   ; one | - | sums | -
          %3 = chunkRows(%1) {axis: 0, size: 2} : [2, 2]   ; one | - | rows | -
          result %3
        }
        %4 = item(%2) {index: 0} : [2, 2]   ; one | - | rows | -
        out y = %4`),
    ).toEqual({ 1: 'rows', 2: 'sums', 3: 'rows2', 4: 'rows3' });
  });
});
