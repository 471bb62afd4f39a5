/** Makes layers, balls and networks at run time. */
import { type CallKind, callId, type LayerCall, type LocatedBall } from '../1-frontend/arch-ast.ts';
import { readBallCall, readLayerCall, readNetworkCall } from '../1-frontend/read-layer-call.ts';
import type { Argument } from '../1-frontend/value.ts';
import { resolveLayer } from '../2-graph/resolve-shapes.ts';
import { found } from '../shared/assert.ts';
import { graphOfRecord } from './graph-of-network.ts';
import { type Ball, balls, type Layer, layers, type Network, networks } from './handles.ts';
import type { NetworkOptions } from './options.ts';
import { checked } from './throw-problems.ts';
import { runTimeSpan, toValue } from './to-value.ts';

const toArguments = (values: readonly unknown[]): Argument[] =>
  values.map(value => ({ value: toValue(value), span: runTimeSpan }));

/** Ids increase, so that sorting by them is a topological order. */
let made = 0;

export function makeLayer(kind: CallKind, values: readonly unknown[]): Layer {
  const given = values.at(-1) === undefined ? values.slice(0, -1) : values;
  const record = checked(reporter => {
    const read = readLayerCall(kind, toArguments(given), runTimeSpan, reporter);
    const call = { ...read, id: callId(made++), boundTo: null, calledFrom: null, imported: false } as LayerCall;
    const operands = given.filter(isLayer);
    const inputs = operands.map(operand => found(layers.contentOf(operand), 'operand').resolved);
    const resolved = reporter.hasErrors ? undefined : resolveLayer(call, inputs, reporter);
    return resolved && { call, resolved, operands };
  });
  return layers.create(found(record, 'layer without an error'));
}

const isLayer = (value: unknown): value is Layer => layers.contentOf(value) !== undefined;

export function makeBall(norm: LocatedBall['ball']['norm'], options: unknown): Ball {
  return balls.create(checked(reporter => readBallCall(norm, toArguments([options]), runTimeSpan, reporter)));
}

export function makeNetwork(options: NetworkOptions): Network {
  const { network: call } = checked(reporter => readNetworkCall(toArguments([options]), runTimeSpan, reporter));
  const record = { call, ends: [options.input, options.output] };
  checked(reporter => graphOfRecord(record, reporter));
  return networks.create(record);
}
