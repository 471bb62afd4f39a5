/**
 * A mistake in each step of the algorithms that are written once over roles: what a pass forward makes of a layer, and what a walk backward
 * does, on whole maps and on windows. A step is known by the role of the value that it makes and the role of its layer.
 */
import { blockOf } from '../../compiler/5-program/operands.ts';
import type { Instr, Op, TensorProgram } from '../../compiler/5-program/tensor-program.ts';
import type { Role } from '../../compiler/layers/definition.ts';
import { definitionOf } from '../../compiler/layers/registry.ts';
import { valueId } from '../../compiler/shared/ids.ts';
import type { Mistake } from './certificate.ts';

interface Place {
  /** Of the layer that the instruction belongs to. */
  readonly layer: Role | null;
  /** Whether rows of the same bound walk on windows. */
  readonly onWindow: boolean;
}

export type IsMeant = (instr: Instr, place: Place) => boolean;

/** Layers are named by their kind and a number. */
function roleOf({ origin }: Instr): Role | null {
  const kind = origin.layer?.replace(/_?\d+$/, '') ?? '';
  return kind === '' ? null : definitionOf(kind).role;
}

const all = (body: readonly Instr[]): Instr[] => body.flatMap(instr => [instr, ...all(blockOf(instr.op)?.body ?? [])]);

/** Every result in question one percent short. */
export function shortResults(isMeant: IsMeant): (program: TensorProgram) => TensorProgram {
  return program => {
    let next = 3_000_000;
    const walked = new Set(
      all(program.body).flatMap(({ op, origin }) => (op.kind === 'windows' ? origin.section : [])),
    );
    const visit = (instr: Instr): Instr[] => {
      const block = blockOf(instr.op);
      if (block !== null) {
        const op = { ...instr.op, block: { ...block, body: block.body.flatMap(visit) } } as Op;
        return [{ ...instr, op }];
      }
      if (!isMeant(instr, { layer: roleOf(instr), onWindow: walked.has(instr.origin.section) })) return [instr];
      const [right, factor] = [valueId(next++), valueId(next++)];
      return [
        { ...instr, out: right },
        { ...instr, out: factor, op: { kind: 'constant', value: 0.99 }, args: [], shape: [] },
        { ...instr, op: { kind: 'mul' }, args: [right, factor] },
      ];
    };
    return { ...program, body: program.body.flatMap(visit) };
  };
}

const short = (isMeant: IsMeant): Mistake => ({ inProgram: shortResults(isMeant) });

/** What passes make at layers of a role. */
const valuesAt: { readonly [Each in Role]: readonly string[] } = {
  input: [],
  affine: ['centre', 'interval centre', 'interval radius'],
  nonlinearity: ['centre', 'centre behind', 'interval centre', 'interval radius'],
  sum: ['centre', 'interval centre', 'interval radius'],
  concat: ['centre', 'interval centre', 'interval radius'],
};

const forward = Object.entries(valuesAt).flatMap(([role, values]) =>
  values.map((value): [string, Mistake] => [
    `${value} at layers of the role ${role}`,
    short((instr, { layer }) => layer === role && instr.origin.role === value),
  ]),
);

const isDual = ({ role }: Instr['origin']): boolean => role.startsWith('dual of ');

/** Steps of a walk, by what they do with a dual. */
const stepsBack: Readonly<Record<string, IsMeant>> = {
  transposed: ({ origin }, { layer }) => isDual(origin) && layer === 'affine',
  scaled: ({ op, origin }, { layer }) => op.kind === 'scaledRows' && isDual(origin) && layer === 'nonlinearity',
  'positive entries': ({ origin }) => origin.role === 'positive dual',
  'negative entries': ({ origin }) => origin.role === 'negative dual',
  cut: ({ op, origin }, { layer }) => op.kind === 'slice' && isDual(origin) && layer === 'concat',
  'summed at a fan-out': ({ op, origin }, { layer }) => op.kind === 'add' && isDual(origin) && layer !== 'nonlinearity',
  'norm at a nonlinearity': ({ origin }) => /^norm at (?!the ball)/.test(origin.role),
  'norm at the ball': ({ op, origin }) =>
    origin.role === 'norm at the ball' && ['rowNorms', 'mul', 'sqrt'].includes(op.kind),
  'norms added up': ({ op, origin }) => op.kind === 'add' && /^(reach$|norm from )/.test(origin.role),
};

const backward = Object.entries(stepsBack).flatMap(([step, isMeant]) =>
  [false, true].map((wanted): [string, Mistake] => [
    `a dual ${step} on ${wanted ? 'windows' : 'whole maps'}`,
    short((instr, place) => place.onWindow === wanted && isMeant(instr, place)),
  ]),
);

/** The larger of two numbers is one of them plus what the other has more. */
const better: Mistake = {
  inProgram(program) {
    const visit = (instr: Instr): Instr => {
      const block = blockOf(instr.op);
      if (block !== null)
        return { ...instr, op: { ...instr.op, block: { ...block, body: block.body.map(visit) } } as Op };
      const isBetter = instr.op.kind === 'relu' && ['lower', 'upper', 'least margins'].includes(instr.origin.role);
      return isBetter ? { ...instr, op: { kind: 'abs' } } : instr;
    };
    return { ...program, body: program.body.map(visit) };
  },
};

export const mistakesInPasses: Readonly<Record<string, Mistake>> = {
  ...Object.fromEntries([...forward, ...backward]),
  'the lines of a relaxation': short(({ origin }) => origin.role === 'lines radius'),
  'the lower line': short(({ origin }) => origin.role === 'lower line'),
  'the upper line': short(({ origin }) => origin.role === 'upper line'),
  'the height of a chord': short(({ origin }) => origin.role === 'height'),
  'the better of several bounds': better,
};
