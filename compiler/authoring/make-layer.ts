/** Makes layers at run time. */
import { type AnyCall, callId } from '../1-frontend/arch-ast.ts';
import { readLayerCall } from '../1-frontend/read-layer-call.ts';
import { resolveLayer } from '../2-graph/resolve-layer.ts';
import type { AnyDefinition } from '../layers/word.ts';
import { found } from '../shared/assert.ts';
import { type Layer, layers } from './handles.ts';
import { checked } from './throw-problems.ts';
import { runTimeSpan, toArguments } from './to-value.ts';

/** Ids increase, so that sorting by them is a topological order. */
let made = 0;

export function makeLayer(definition: AnyDefinition, values: readonly unknown[]): Layer {
  const given = values.at(-1) === undefined ? values.slice(0, -1) : values;
  const record = checked(reporter => {
    const read = readLayerCall(definition, toArguments(given), runTimeSpan, reporter);
    const call: AnyCall = { ...read, id: callId(made++), boundTo: null, calledFrom: null, imported: false };
    const operands = given.filter(isLayer);
    const inputs = operands.map(operand => found(layers.contentOf(operand), 'operand').resolved);
    const resolved = reporter.hasErrors ? undefined : resolveLayer(definition, call, inputs, reporter);
    return resolved && { call, resolved, operands };
  });
  return layers.create(found(record, 'layer without an error'));
}

const isLayer = (value: unknown): value is Layer => layers.contentOf(value) !== undefined;
