/** The public functions of the module: each calls the functions of one program in order. */
import type { ProgramGroup } from './build-group.ts';
import { lineWidth } from './line-width.ts';
import { type Code, code, commentLines, identifier, joined, printKey, quoted } from './safe-text.ts';
import type { Given } from './section-names.ts';
import type { DriverView } from './view-model.ts';
import { wrapList } from './wrap-list.ts';

type Parameter = readonly [name: Given, type: Code];

interface DriverSpec {
  readonly doc: readonly string[];
  readonly name: Code;
  /** Parameters after `params` and `x`. */
  readonly more: readonly Parameter[];
  readonly result: Code;
  readonly outputs: readonly string[];
  /** The lines of the returned expression, the first to follow `return`. */
  readonly returns: readonly Code[];
}

function driver(group: ProgramGroup, spec: DriverSpec, types: boolean): DriverView {
  const { lines, given } = group.calls(spec.outputs);
  const parameters = [
    [code`params`, code`Params`],
    [code`x`, code`tf.Tensor`],
    ...spec.more.map(([name, type]) => [identifier(name), type] as const),
  ] as const;
  const names = joined(
    parameters.map(([name]) => name),
    ', ',
  );
  const checked = code`checkCall${types ? code`<NetworkParams>` : code``}(meta, ${quoted(spec.name)}, { ${names} });`;
  return {
    doc: spec.doc.flatMap(line => commentLines(line, lineWidth - 3)),
    head: wrapList(
      code`export function ${spec.name}(`,
      parameters.map(([name, type]) => (types ? code`${name}: ${type}` : name)),
      types ? code`): ${spec.result} {` : code`) {`,
    ),
    lines: [
      code`  ${given.has('p') ? code`const p = ` : code``}${checked}`,
      ...(given.has('batch') ? [code`  const batch = x.shape[0]${types ? code` as number` : code``};`] : []),
      code`  return tf.tidy(() => {`,
      ...lines.map(line => code`    ${line}`),
      ...(lines.length === 0 ? [] : [code``]),
      ...spec.returns.map((line, index) => code`    ${index === 0 ? code`return ` : code``}${line}`),
      code`  });`,
    ],
  };
}

const labelled: readonly Parameter[] = [['labels', code`tf.Tensor1D`]];
const radius: Parameter = ['epsilon', code`number`];

/** ` as TYPE`, in TypeScript. */
const as = (type: Code, types: boolean): Code => (types ? code` as ${type}` : code``);

export function forwardDriver(group: ProgramGroup, types: boolean): DriverView {
  return driver(
    group,
    {
      doc: ['Logits, `[batch, classes]`.'],
      name: code`forward`,
      more: [],
      result: code`tf.Tensor2D`,
      outputs: ['logits'],
      returns: [code`${group.output('logits')}${as(code`tf.Tensor2D`, types)};`],
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
      name: code`margins`,
      more: [...labelled, radius],
      result: code`tf.Tensor2D`,
      outputs: ['margins'],
      returns: [code`${group.output('margins')}${as(code`tf.Tensor2D`, types)};`],
    },
    types,
  );
}

export function boundsDriver(group: ProgramGroup, nonlinearities: readonly string[], types: boolean): DriverView {
  const output = (name: string, side: string): Code => group.output(`bounds.${name}.${side}`);
  return driver(
    group,
    {
      doc: ['Bounds of the input of every nonlinearity over the ball of radius epsilon around `x`.'],
      name: code`bounds`,
      more: [radius],
      result: code`Record<string, Bounds>`,
      outputs: nonlinearities.flatMap(name => [`bounds.${name}.lower`, `bounds.${name}.upper`]),
      returns: [
        code`{`,
        ...nonlinearities.map(
          name => code`  ${printKey(name)}: { lower: ${output(name, 'lower')}, upper: ${output(name, 'upper')} },`,
        ),
        code`};`,
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
  const scalar = as(code`tf.Scalar`, types);
  return driver(
    group,
    {
      doc: [
        robust
          ? 'Cross entropy of the negated margins, the share of examples that are not certified, and the gradient of the former for every parameter.'
          : 'Cross entropy of the logits, the share of wrong examples, and the gradient of the former for every parameter.',
      ],
      name: identifier(name),
      more: robust ? [...labelled, radius, ['key', code`RandomKey`]] : [...labelled],
      result: code`LossWithGradients`,
      outputs: ['crossEntropy', 'error', ...parameters.map(parameter => `gradient.${parameter}`)],
      returns: [
        code`{`,
        code`  crossEntropy: ${group.output('crossEntropy')}${scalar},`,
        code`  error: ${group.output('error')}${scalar},`,
        code`  gradients: {`,
        ...parameters.map(parameter => code`    ${printKey(parameter)}: ${group.output(`gradient.${parameter}`)},`),
        code`  },`,
        code`};`,
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
      name: code`inputGradient`,
      more: labelled,
      result: code`InputGradient`,
      outputs: ['crossEntropy', 'logits', 'gradient'],
      returns: [
        code`{`,
        code`  crossEntropy: ${group.output('crossEntropy')}${as(code`tf.Tensor1D`, types)},`,
        code`  logits: ${group.output('logits')}${as(code`tf.Tensor2D`, types)},`,
        code`  gradient: ${group.output('gradient')},`,
        code`};`,
      ],
    },
    types,
  );
}
