/** The public functions of the module: each calls the functions of one program in order. */
import { found } from '../shared/assert.ts';
import type { ProgramGroup } from './build-group.ts';
import { type Code, code, commentText, identifier, joined, printKey, quoted } from './safe-text.ts';
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
  readonly returns: (output: (name: string) => Code) => readonly Code[];
}

function driver(group: ProgramGroup, spec: DriverSpec, types: boolean): DriverView {
  const { lines, given, returned } = group.calls(spec.outputs);
  const output = (name: string): Code => found(returned.get(name), `output ${name}`);
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
    doc: spec.doc.map(commentText),
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
      ...spec.returns(output).map((line, index) => code`    ${index === 0 ? code`return ` : code``}${line}`),
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
      returns: output => [code`${output('logits')}${as(code`tf.Tensor2D`, types)};`],
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
      returns: output => [code`${output('margins')}${as(code`tf.Tensor2D`, types)};`],
    },
    types,
  );
}

export function boundsDriver(group: ProgramGroup, nonlinearities: readonly string[], types: boolean): DriverView {
  return driver(
    group,
    {
      doc: ['Bounds of the input of every nonlinearity over the ball of radius epsilon around `x`.'],
      name: code`bounds`,
      more: [radius],
      result: code`Record<string, Bounds>`,
      outputs: nonlinearities.flatMap(name => [`bounds.${name}.lower`, `bounds.${name}.upper`]),
      returns: output => [
        code`{`,
        ...nonlinearities.map(
          name =>
            code`  ${printKey(name)}: { lower: ${output(`bounds.${name}.lower`)}, upper: ${output(`bounds.${name}.upper`)} },`,
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
      returns: output => [
        code`{`,
        code`  crossEntropy: ${output('crossEntropy')}${scalar},`,
        code`  error: ${output('error')}${scalar},`,
        code`  gradients: {`,
        ...parameters.map(parameter => code`    ${printKey(parameter)}: ${output(`gradient.${parameter}`)},`),
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
      returns: output => [
        code`{`,
        code`  crossEntropy: ${output('crossEntropy')}${as(code`tf.Tensor1D`, types)},`,
        code`  logits: ${output('logits')}${as(code`tf.Tensor2D`, types)},`,
        code`  gradient: ${output('gradient')},`,
        code`};`,
      ],
    },
    types,
  );
}
