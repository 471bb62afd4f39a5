/** Matches the tensors of a checkpoint to the parameters of a network: by name, by `--map`, by order and shape. */
import type { ModelMeta, ParameterMeta } from '../contract.ts';
import { InputError } from '../errors.ts';
import { mismatches } from '../weights/check-parameters.ts';
import { type Layout, shapeIn } from '../weights/layout.ts';
import { dtypeRules } from '../weights/named-tensor.ts';
import type { SourceTensor } from './checkpoint-source.ts';
import { matchUnits, signature, type Unit, type UnitMatches } from './match-units.ts';
import { applyMap, commonPrefix, splitName } from './tensor-names.ts';

export interface Match {
  readonly from: SourceTensor;
  readonly to: ParameterMeta;
}

export interface Matches {
  /** One for each parameter of the network, in its order. */
  readonly matches: readonly Match[];
  readonly notes: readonly string[];
}

export interface TensorList {
  readonly tensors: readonly SourceTensor[];
  /** Whether their order is that of the network. */
  readonly ordered: boolean;
}

/**
 * Finds the tensor of every parameter. Names in `map` first, then equal names, then layers by order and shape. Raises
 * `InputError` that lists all that is missing, left over, misshapen or ambiguous, and what to write to settle it.
 */
export function matchTensors(
  source: TensorList,
  meta: ModelMeta,
  layout: Layout,
  map: Readonly<Record<string, string>>,
): Matches {
  const found = assign(source, meta, layout, map);
  if (found.problems.length > 0) {
    const other: Layout = layout === 'tfjs' ? 'pytorch' : 'tfjs';
    const fits = assign(source, meta, other, map).problems.length === 0;
    const hint = fits ? [`In layout ${other} everything fits: is --layout ${other} meant?`] : [];
    const title = `the tensors do not fit ${meta.source} (shapes in layout ${layout}):`;
    throw new InputError([title, ...found.problems.map(line => `  ${line}`), ...hint].join('\n'));
  }
  const matches = meta.parameters.map(to => ({ from: found.byParameter.get(to.name)!, to }));
  return { matches, notes: found.notes };
}

interface Assignment {
  readonly byParameter: ReadonlyMap<string, SourceTensor>;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

function assign(
  { tensors, ordered }: TensorList,
  meta: ModelMeta,
  layout: Layout,
  map: Readonly<Record<string, string>>,
): Assignment {
  const parameters = meta.parameters;
  const names = parameters.map(({ name }) => name);
  const layers = [...new Set(parameters.map(({ layer }) => layer))];
  // Counters of batch normalization; they take no part in what a network computes.
  const counters = tensors.filter(({ name }) => /(^|\.)num_batches_tracked$/.test(name));
  const weights = tensors.filter(tensor => !counters.includes(tensor));
  const notes = counters.map(({ name }) => `passed over ${name}, a counter of training steps`);
  const prefix = commonPrefix(
    weights.map(({ name }) => name),
    new Set(layers),
  );
  if (prefix !== '') notes.push(`left out the prefix ${prefix}, which all names share`);

  const named = new Map(weights.map(tensor => [tensor.name.slice(prefix.length), tensor]));
  const { renamed: byParameter, rest } = applyMap(named, map, { prefix, parameters: names, layers });
  for (const name of names) {
    const tensor = rest.get(name);
    if (tensor === undefined || byParameter.has(name)) continue;
    byParameter.set(name, tensor);
    rest.delete(name);
  }
  const open = parameters.filter(({ name }) => !byParameter.has(name));
  const problems = matchRest(rest, open, layout, ordered, byParameter);
  const matched = parameters.filter(({ name }) => byParameter.has(name));
  problems.push(...mismatches(byParameter, matched, layout));
  for (const [name, { dtype }] of byParameter) {
    if (dtypeRules[dtype].kind !== 'float')
      problems.push(`wrong type: ${name} is ${dtype}, and a weight is a floating-point number`);
  }
  return { byParameter, problems, notes };
}

/** Matches what names did not, adds it to `byParameter`, and returns what stays open, one line each. */
function matchRest(
  rest: ReadonlyMap<string, SourceTensor>,
  open: readonly ParameterMeta[],
  layout: Layout,
  ordered: boolean,
  byParameter: Map<string, SourceTensor>,
): string[] {
  // Names without dots, `w1` and `b1`, belong to no layer: they are matched one by one.
  const byLayer = rest.size === 0 || [...rest.keys()].some(name => name.includes('.'));
  const from = unitsOf(
    [...rest].map(([name, { shape }]) => [name, shape]),
    byLayer,
  );
  const to = unitsOf(
    open.map(parameter => [parameter.name, shapeIn(layout, parameter)]),
    byLayer,
  );
  const found = matchUnits(from, to, ordered);
  for (const [have, want] of found.pairs) {
    for (const leaf of want.shapes.keys()) byParameter.set(join(want.name, leaf), rest.get(join(have.name, leaf))!);
  }
  return problemsOf(found);
}

function unitsOf(shapes: readonly (readonly [string, readonly number[]])[], byLayer: boolean): Unit[] {
  const units = new Map<string, Map<string, readonly number[]>>();
  for (const [name, shape] of shapes) {
    const { unit, leaf } = byLayer ? splitName(name) : { unit: name, leaf: '' };
    units.set(unit, (units.get(unit) ?? new Map()).set(leaf, shape));
  }
  return [...units].map(([name, leafShapes]) => ({ name, shapes: leafShapes }));
}

const join = (unit: string, leaf: string): string => (leaf === '' ? unit : `${unit}.${leaf}`);

function problemsOf({ ambiguous, unmatchedFrom, unmatchedTo }: UnitMatches): string[] {
  const lines = ambiguous.map(({ from, to }) => {
    const [haves, wants] = [from, to].map(units => units.map(({ name }) => name).join(', '));
    const hint = `say which is which: --map ${from[0]!.name}=${to[0]!.name}${from.length > 1 ? ' and so on' : ''}`;
    return `ambiguous: ${haves} of the file and ${wants} of the network have the same shapes (${signature(from[0]!)}); ${hint}`;
  });
  if (unmatchedFrom.length === unmatchedTo.length) {
    unmatchedFrom.forEach((unit, at) => {
      const wanted = unmatchedTo[at]!;
      lines.push(
        `wrong shape: ${unit.name} has ${signature(unit)} in the file; ${wanted.name} has ${signature(wanted)} in the network`,
      );
    });
    return lines;
  }
  for (const unit of unmatchedTo) lines.push(`missing: ${unit.name} (${signature(unit)})`);
  for (const unit of unmatchedFrom) lines.push(`unexpected: ${unit.name} (${signature(unit)})`);
  return lines;
}
