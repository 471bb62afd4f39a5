/** Heads and bodies of exported functions, for rows that no module of this version has. */
import { describe, expect, it } from 'vitest';
import { createBuilder } from '../../../compiler/5-program/builder.ts';
import { liveness } from '../../../compiler/6-passes/liveness.ts';
import { buildDriver } from '../../../compiler/7-emit/build-driver.ts';
import { buildGroup } from '../../../compiler/7-emit/build-group.ts';
import {
  type ExportedFunction,
  given,
  matrix,
  output,
  record,
  when,
} from '../../../compiler/7-emit/exported-function.ts';
import { buildFunctions } from '../../../compiler/7-emit/functions/build-functions.ts';
import { geometriesOf } from '../../../compiler/7-emit/functions/layer-geometry.ts';
import { code, identifier } from '../../../compiler/7-emit/safe-text.ts';
import { InternalError } from '../../../compiler/shared/assert.ts';
import { toyMeta } from '../../support/toy-model.ts';

/** The drawn numbers and, when asked, `x`. */
function group(isDrawn: boolean) {
  const b = createBuilder();
  const x = b.source({ kind: 'input', name: 'x', shape: ['1b', 6] });
  const noise = isDrawn
    ? b.source({ kind: 'noise', distribution: 'cauchy', stream: 'relu1', shape: ['1b', 6] })
    : b.constant(1);
  const program = b.finish('forward', { sum: b.within({ role: 'sum' }, () => b.binary('add', x, noise)) });
  const input = { program, plan: liveness(program), prefix: code`` };
  const functions = buildFunctions([input], {
    layers: new Map(),
    taken: new Set(),
    types: true,
    geometries: geometriesOf(program),
    source: '',
  });
  return buildGroup(input, functions, { runtime: identifier }, true);
}

const row: ExportedFunction = {
  doc: [],
  parameters: [],
  key: 'never',
  isAsync: false,
  locals: [],
  result: { type: matrix, of: () => output('sum', matrix) },
  types: [],
  symbols: [],
};

const printed = (change: Partial<ExportedFunction>, isDrawn = true, types = true): string => {
  const { head, lines } = buildDriver(group(isDrawn), 'forward', { ...row, ...change }, { meta: toyMeta, types });
  return [...head, ...lines].join('\n');
};

describe('buildDriver', () => {
  it('asks for a key where the function draws', () => {
    const head = /^export function forward\(params: Params, x: tf\.Tensor, key: RandomKey\): tf\.Tensor2D \{/;
    expect(printed({ key: 'lastWhereDrawn' })).toMatch(head);
    expect(printed({ key: 'lastWhereDrawn' })).toContain("'forward', { params, x, key });");
    expect(printed({ key: 'lastWhereDrawn' }, false)).not.toContain('key');
    expect(printed({ key: 'last' }, false)).toMatch(head);
  });

  it('takes the key out of the options', () => {
    const options = { name: 'options', type: code`Options`, initial: code`{}` } as const;
    const text = printed({ key: 'option', parameters: [options] });
    expect(text).toMatch(/^export function forward\(params: Params, x: tf\.Tensor, options: Options = \{\}\)/);
    expect(text).toContain('\n  const key = options.key as RandomKey;\n');
    expect(printed({ key: 'option', parameters: [options] }, true, false)).toContain('\n  const key = options.key;\n');
    expect(printed({ key: 'option', parameters: [options] }, false)).not.toContain('key');
  });

  it('refuses a function that draws and has no key', () => {
    expect(() => printed({ key: 'never' })).toThrow(InternalError);
    expect(() => printed({ key: 'never' })).toThrow(/forward draws, and nothing gives it a key/);
  });

  it('puts outputs together as the row says', () => {
    const sum = output('sum');
    const result = {
      type: code`Sums`,
      of: () =>
        record({
          sum,
          twice: when(code`asked`, record({ '1': sum, 'a-b': sum })),
          none: record({}),
          y: given(code`y`),
        }),
    };
    const locals = [['logits', code`compute(x)`]] as const;
    const text = printed({ key: 'last', result, locals, isAsync: true });
    expect(text).toMatch(/^export async function forward\(.*\): Sums \{/);
    expect(text).toContain('\n    const logits = compute(x);\n');
    expect(text.slice(text.indexOf('    return {'))).toMatchInlineSnapshot(`
      "    return {
            sum: tf.clone(main.sum),
            twice: asked ? { '1': tf.clone(main.sum), 'a-b': tf.clone(main.sum) } : undefined,
            none: {},
            y,
          };
        });"
    `);
  });
});
