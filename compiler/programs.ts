/**
 * The programs of a module, and the functions that it exports: one row says all there is to say of a program. It stands beside
 * the stages since it speaks to three of them: how the program is lowered, what passes it needs, what is printed of it.
 */
import type { FunctionName, ModelMeta } from '../runtime/contract.ts';
import type { LayerGraph } from './2-graph/layer.ts';
import type { DualNetwork } from './3-dual/dual.ts';
import type { Schedule } from './4-schedule/plan.ts';
import { lowerForward } from './5-program/lower-forward.ts';
import { lowerInputLoss, lowerNaturalLoss, lowerRobustLoss } from './5-program/lower-loss.ts';
import { lowerCertificate } from './5-program/lower-margins.ts';
import { blockOf } from './5-program/operands.ts';
import type { Instr, TensorProgram } from './5-program/tensor-program.ts';
import { gradient } from './6-passes/gradient.ts';
import type { Pass } from './6-passes/pass.ts';
import {
  type EmittedProgram,
  type ExportedFunction,
  given,
  matrix,
  output,
  type Parameter,
  type Result,
  record,
  recordOf,
  scalar,
  vector,
  when,
} from './7-emit/exported-function.ts';
import { code } from './7-emit/safe-text.ts';
import type { ValueId } from './shared/ids.ts';

export type ProgramName = 'forward' | 'certificate' | 'robustLoss' | 'naturalLoss' | 'inputGradient';
export type Programs = { readonly [Name in ProgramName]: TensorProgram };

/** What programs are lowered from. */
export interface Subject {
  readonly graph: LayerGraph;
  readonly dual: DualNetwork;
  readonly schedule: Schedule;
}

export interface ProgramRow extends Pick<EmittedProgram, 'title' | 'prefix' | 'shared' | 'functions'> {
  readonly lower: (subject: Subject) => TensorProgram;
  /** Before those that every program goes through. */
  readonly passes: readonly Pass[];
  /** Whose bounds it computes; null when it computes none. */
  readonly bounds: keyof Schedule | null;
}

const labels: Parameter = { name: 'labels', type: code`tf.Tensor1D` };
const radius: Parameter = { name: 'epsilon', type: code`number` };
const options: Parameter = { name: 'options', type: code`CertificateOptions`, initial: code`{}` };

const parameterGradient = gradient({ of: 'crossEntropy', keep: true, for: 'params' });

/** What most functions are. */
const plain: Pick<ExportedFunction, 'key' | 'isAsync' | 'locals' | 'types' | 'symbols'> = {
  key: 'never',
  isAsync: false,
  locals: [],
  types: [],
  symbols: [],
};

const boundsOfAll = ({ nonlinearities }: ModelMeta): Result =>
  recordOf(nonlinearities, name =>
    record({ lower: output(`bounds.${name}.lower`), upper: output(`bounds.${name}.upper`) }),
  );

const lossResult: ExportedFunction['result'] = {
  type: code`LossWithGradients`,
  of: ({ parameters }) =>
    record({
      crossEntropy: output('crossEntropy', scalar),
      error: output('error', scalar),
      gradients: recordOf(
        parameters.filter(({ kind }) => kind === 'trained').map(({ name }) => name),
        name => output(`gradient.${name}`),
      ),
      statistics: record({}),
    }),
};

/** In the order in which they stand in the module. */
export const programRows: { readonly [Name in ProgramName]: ProgramRow } = {
  forward: {
    title: 'The network.',
    prefix: code``,
    shared: null,
    bounds: null,
    lower: ({ graph }) => lowerForward(graph),
    passes: [],
    functions: {
      forward: {
        doc: ['Logits, `[batch, classes]`.'],
        parameters: [],
        result: { type: matrix, of: () => output('logits', matrix) },
        ...plain,
      },
    },
  },
  certificate: {
    title: 'The certificate: bounds of every nonlinearity, in order, then the margins.',
    prefix: code``,
    shared: { name: code`boundsOfAll`, doc: ['Bounds of all nonlinearities, in order, and their relaxations.'] },
    bounds: 'certify',
    lower: ({ dual, schedule }) => lowerCertificate(dual, schedule.certify),
    passes: [],
    functions: {
      margins: {
        doc: [
          'Lower bounds, over the ball of radius epsilon around `x`, of `f_label - f_class`: `[batch, classes]`, 0 for the label itself.',
          'An example is certified when all others are positive and finite.',
        ],
        parameters: [labels, radius],
        result: { type: matrix, of: () => output('margins', matrix) },
        ...plain,
        key: 'lastWhereDrawn',
      },
      bounds: {
        doc: ['Bounds of the input of every nonlinearity over the ball of radius epsilon around `x`.'],
        parameters: [radius],
        result: {
          type: code`Record<string, Bounds>`,
          of: boundsOfAll,
        },
        ...plain,
        key: 'lastWhereDrawn',
        types: ['Bounds'],
      },
      certificate: {
        doc: [
          'In one run: the margins of the classes that are asked for, or else of those with the largest logits; the logits; and the bounds,',
          'where they are asked for.',
        ],
        parameters: [radius, options],
        result: {
          type: code`Promise<Certificate>`,
          of: meta =>
            record({
              classes: given(code`tf.clone(labels)`),
              margins: output('margins', matrix),
              logits: given(code`logits`),
              bounds: when(code`options.bounds === true`, boundsOfAll(meta)),
              proof: given(code`meta.certify.proof`),
            }),
        },
        ...plain,
        key: 'option',
        isAsync: true,
        locals: [
          ['logits', code`forward(params, x)`],
          ['labels', code`options.classes ?? predictedClasses(logits)`],
        ],
        types: ['Certificate', 'CertificateOptions'],
        symbols: ['predictedClasses'],
      },
    },
  },
  robustLoss: {
    title: 'The robust loss and its gradient.',
    prefix: code`training`,
    shared: null,
    bounds: 'train',
    lower: ({ dual, schedule }) => lowerRobustLoss(dual, schedule.train),
    passes: [parameterGradient],
    functions: {
      robustLoss: {
        doc: [
          'Cross entropy of the negated margins, the share of examples that are not certified, and the gradient of the former for every parameter.',
        ],
        parameters: [labels, radius],
        result: lossResult,
        ...plain,
        key: 'last',
        types: ['LossWithGradients', 'RandomKey'],
      },
    },
  },
  naturalLoss: {
    title: 'The natural loss and its gradient.',
    prefix: code`natural`,
    shared: null,
    bounds: null,
    lower: ({ graph }) => lowerNaturalLoss(graph),
    passes: [parameterGradient],
    functions: {
      naturalLoss: {
        doc: [
          'Cross entropy of the logits, the share of wrong examples, and the gradient of the former for every parameter.',
        ],
        parameters: [labels],
        result: lossResult,
        ...plain,
        key: 'lastWhereDrawn',
        types: ['LossWithGradients'],
      },
    },
  },
  inputGradient: {
    title: 'For attacks.',
    prefix: code`attack`,
    shared: null,
    bounds: null,
    lower: ({ graph }) => lowerInputLoss(graph),
    passes: [gradient({ of: 'total', keep: false, for: 'x' })],
    functions: {
      inputGradient: {
        doc: ['Cross entropy of each example, the logits, and the gradient of the summed cross entropy for `x`.'],
        parameters: [labels],
        result: {
          type: code`InputGradient`,
          of: () =>
            record({
              crossEntropy: output('crossEntropy', vector),
              logits: output('logits', matrix),
              gradient: output('gradient'),
            }),
        },
        ...plain,
        types: ['InputGradient'],
      },
    },
  },
};

/** The functions that a module exports, in order. */
export const exportedNames: readonly FunctionName[] = Object.values(programRows).flatMap(
  ({ functions }) => Object.keys(functions) as FunctionName[],
);

/** Those of them that draw random numbers. */
export const drawingFunctions = (programs: Programs): FunctionName[] =>
  Object.entries(programRows).flatMap(([name, { functions }]) =>
    draws(programs[name as ProgramName].body) ? (Object.keys(functions) as FunctionName[]) : [],
  );

const draws = (body: readonly Instr[]): boolean =>
  body.some(({ op }) => op.kind === 'noise' || draws(blockOf(op)?.body ?? []));

/** The bounds among the outputs of a program. */
export const boundsIn = ({ outputs }: TensorProgram): ValueId[] =>
  Object.entries(outputs).flatMap(([name, value]) => (name.startsWith('bounds.') ? [value] : []));
