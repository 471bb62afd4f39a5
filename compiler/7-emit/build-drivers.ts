/** The public functions of the module: each calls the functions of one program in order. */
import type { ProgramGroup } from './build-group.ts';
import { printKey } from './print-literal.ts';
import type { Given } from './section-names.ts';
import type { DriverView } from './view-model.ts';
import { wrapList } from './wrap-list.ts';

type Parameter = readonly [name: Given, type: string];

interface DriverSpec {
  readonly doc: readonly string[];
  readonly name: string;
  /** Parameters after `params` and `x`. */
  readonly more: readonly Parameter[];
  readonly result: string;
  readonly outputs: readonly string[];
  /** The lines of the returned expression, the first to follow `return`. */
  readonly returns: readonly string[];
}

function driver(group: ProgramGroup, spec: DriverSpec, types: boolean): DriverView {
  const { lines, given } = group.calls(spec.outputs);
  const parameters = [['params', 'Params'], ['x', 'tf.Tensor'], ...spec.more] as const;
  const names = parameters.map(([name]) => name);
  const checked = `checkCall${types ? '<NetworkParams>' : ''}(meta, '${spec.name}', { ${names.join(', ')} });`;
  return {
    doc: spec.doc,
    head: wrapList(
      `export function ${spec.name}(`,
      parameters.map(([name, type]) => (types ? `${name}: ${type}` : name)),
      types ? `): ${spec.result} {` : ') {',
    ),
    lines: [
      `  ${given.has('p') ? 'const p = ' : ''}${checked}`,
      ...(given.has('batch') ? [`  const batch = x.shape[0]${types ? ' as number' : ''};`] : []),
      '  return tf.tidy(() => {',
      ...lines.map(line => `    ${line}`),
      ...(lines.length === 0 ? [] : ['']),
      ...spec.returns.map((line, index) => `    ${index === 0 ? 'return ' : ''}${line}`),
      '  });',
    ],
  };
}

const labelled = [['labels', 'tf.Tensor1D']] as const satisfies readonly Parameter[];
const radius = ['epsilon', 'number'] as const satisfies Parameter;

export function forwardDriver(group: ProgramGroup, types: boolean): DriverView {
  return driver(
    group,
    {
      doc: ['Logits, `[batch, classes]`.'],
      name: 'forward',
      more: [],
      result: 'tf.Tensor2D',
      outputs: ['logits'],
      returns: [`${group.output('logits')}${types ? ' as tf.Tensor2D' : ''};`],
    },
    types,
  );
}

export function marginsDriver(group: ProgramGroup, types: boolean): DriverView {
  return driver(
    group,
    {
      doc: [
        'Lower bounds, over the ball of radius epsilon around `x`, of `f_label - f_class`: `[batch, classes]`, 0 for the label itself.',
        'An example is certified when all others are positive and finite.',
      ],
      name: 'margins',
      more: [...labelled, radius],
      result: 'tf.Tensor2D',
      outputs: ['margins'],
      returns: [`${group.output('margins')}${types ? ' as tf.Tensor2D' : ''};`],
    },
    types,
  );
}

export function boundsDriver(group: ProgramGroup, nonlinearities: readonly string[], types: boolean): DriverView {
  const output = (name: string, side: string): string => group.output(`bounds.${name}.${side}`);
  return driver(
    group,
    {
      doc: ['Bounds of the input of every nonlinearity over the ball of radius epsilon around `x`.'],
      name: 'bounds',
      more: [radius],
      result: 'Record<string, Bounds>',
      outputs: nonlinearities.flatMap(name => [`bounds.${name}.lower`, `bounds.${name}.upper`]),
      returns: [
        '{',
        ...nonlinearities.map(
          name => `  ${printKey(name)}: { lower: ${output(name, 'lower')}, upper: ${output(name, 'upper')} },`,
        ),
        '};',
      ],
    },
    types,
  );
}

export function lossDriver(
  group: ProgramGroup,
  name: 'robustLoss' | 'naturalLoss',
  parameters: readonly string[],
  types: boolean,
): DriverView {
  const robust = name === 'robustLoss';
  const scalar = types ? ' as tf.Scalar' : '';
  return driver(
    group,
    {
      doc: [
        robust
          ? 'Cross entropy of the negated margins, the share of examples that are not certified, and the gradient of the former for every parameter.'
          : 'Cross entropy of the logits, the share of wrong examples, and the gradient of the former for every parameter.',
      ],
      name,
      more: robust ? [...labelled, radius, ['key', 'RandomKey']] : [...labelled],
      result: 'LossWithGradients',
      outputs: ['crossEntropy', 'error', ...parameters.map(parameter => `gradient.${parameter}`)],
      returns: [
        '{',
        `  crossEntropy: ${group.output('crossEntropy')}${scalar},`,
        `  error: ${group.output('error')}${scalar},`,
        '  gradients: {',
        ...parameters.map(parameter => `    ${printKey(parameter)}: ${group.output(`gradient.${parameter}`)},`),
        '  },',
        '};',
      ],
    },
    types,
  );
}

export function inputGradientDriver(group: ProgramGroup, types: boolean): DriverView {
  return driver(
    group,
    {
      doc: ['Cross entropy of each example, the logits, and the gradient of the summed cross entropy for `x`.'],
      name: 'inputGradient',
      more: labelled,
      result: 'InputGradient',
      outputs: ['crossEntropy', 'logits', 'gradient'],
      returns: [
        '{',
        `  crossEntropy: ${group.output('crossEntropy')}${types ? ' as tf.Tensor1D' : ''},`,
        `  logits: ${group.output('logits')}${types ? ' as tf.Tensor2D' : ''},`,
        `  gradient: ${group.output('gradient')},`,
        '};',
      ],
    },
    types,
  );
}
