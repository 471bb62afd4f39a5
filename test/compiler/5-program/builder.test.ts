import { describe, expect, it } from 'vitest';
import { createBuilder } from '../../../compiler/5-program/builder.ts';
import { checkProgram } from '../../../compiler/5-program/check-program.ts';
import { batch } from '../../../compiler/5-program/dim.ts';
import { printProgram } from '../../../compiler/5-program/print-program.ts';
import { layerId } from '../../../compiler/shared/ids.ts';

describe('createBuilder', () => {
  it('infers shapes, puts sources first and each of them once', () => {
    const b = createBuilder();
    const x = b.source({ kind: 'input', name: 'x', shape: [batch, 3] });
    const doubled = b.binary('mul', x, b.constant(2));
    const weights = b.source({ kind: 'param', name: 'w', shape: [3, 4] });
    const product = b.matMul(doubled, weights);
    const again = b.binary('mul', product, b.constant(2));
    expect(b.source({ kind: 'input', name: 'x', shape: [batch, 3] })).toBe(x);
    expect(b.shapeOf(again)).toEqual([batch, 4]);
    const program = b.finish('test', { y: again });
    checkProgram(program);
    expect(printProgram(program, { origins: false })).toContain(
      [
        '%0 = input "x" : [b, 3]',
        '%1 = constant 2 : []',
        '%3 = param "w" : [3, 4]',
        '%2 = mul(%0, %1) : [b, 3]',
        '%4 = matMul(%2, %3) {transposeA: false, transposeB: false} : [b, 4]',
        '%5 = mul(%4, %1) : [b, 4]',
      ].join('\n'),
    );
  });

  it('keeps 0 and -0 apart', () => {
    const b = createBuilder();
    expect(b.constant(-0)).not.toBe(b.constant(0));
  });

  it('inherits origins from the outside in, and returns to the outer one after an error', () => {
    const b = createBuilder();
    const x = b.source({ kind: 'input', name: 'x', shape: [batch] });
    b.within({ section: 'margins', layer: layerId('dense1') }, () => {
      b.within({ role: 'dual' }, () => b.unary('neg', x));
      expect(() =>
        b.within({ role: 'lost' }, () => {
          throw new Error('stop');
        }),
      ).toThrow('stop');
      b.unary('exp', x);
    });
    const origins = b.finish('test', {}).body.map(({ origin }) => `${origin.section} ${origin.layer} ${origin.role}`);
    expect(origins).toEqual(['source null input', 'margins dense1 dual', 'margins dense1 value']);
  });

  it('makes blocks beside the program, not in it', () => {
    const b = createBuilder();
    const weights = b.source({ kind: 'param', name: 'w', shape: [4, 2] });
    const block = b.block(() => [b.append({ kind: 'chunkRows', axis: 0, size: 2 }, [weights])]);
    const sums = b.append({ kind: 'summedChunks', rows: 4, size: 2, block });
    const sum = b.append({ kind: 'item', index: 0, shape: [2, 2] }, [sums]);
    const program = b.finish('test', { y: sum });
    checkProgram(program);
    expect(program.body.map(({ op }) => op.kind)).toEqual(['param', 'summedChunks', 'item']);
  });

  it('goes on after the last id of an existing program, blocks included, and knows its sources', () => {
    const first = createBuilder();
    const weights = first.source({ kind: 'param', name: 'w', shape: [4, 2] });
    const block = first.block(() => [first.append({ kind: 'chunkRows', axis: 0, size: 2 }, [weights])]);
    first.append({ kind: 'summedChunks', rows: 4, size: 2, block });
    const { body } = first.finish('test', {});
    const second = createBuilder(body);
    expect(second.source({ kind: 'param', name: 'w', shape: [4, 2] })).toBe(weights);
    expect(second.unary('neg', weights)).toBe(3);
  });

  it('adds no reshape to the shape that is there', () => {
    const b = createBuilder();
    const x = b.source({ kind: 'input', name: 'x', shape: [batch, 3] });
    expect(b.reshape(x, [batch, 3])).toBe(x);
    expect(b.reshape(x, [batch, 3, 1])).not.toBe(x);
  });

  it('refuses operands that do not fit, unknown operands, and outputs that are not there', () => {
    const b = createBuilder();
    const x = b.source({ kind: 'input', name: 'x', shape: [batch, 3] });
    const y = b.source({ kind: 'param', name: 'w', shape: [4] });
    expect(() => b.binary('add', x, y)).toThrow('add of [b, 3] and [4]');
    expect(() => b.finish('test', { z: 99 as typeof x })).toThrow('output %99 is not defined');
  });
});
