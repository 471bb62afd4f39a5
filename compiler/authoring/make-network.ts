/** Makes balls and networks at run time. */
import type { LocatedBall } from '../1-frontend/arch-ast.ts';
import { readBallCall, readNetworkCall } from '../1-frontend/read-layer-call.ts';
import { graphOfRecord } from './graph-of-network.ts';
import { type Ball, balls, type Network, networks } from './handles.ts';
import type { NetworkOptions } from './options.ts';
import { checked } from './throw-problems.ts';
import { runTimeSpan, toArguments } from './to-value.ts';

export function makeBall(norm: LocatedBall['ball']['norm'], options: unknown): Ball {
  return balls.create(checked(reporter => readBallCall(norm, toArguments([options]), runTimeSpan, reporter)));
}

export function makeNetwork(options: NetworkOptions): Network {
  const { network: call } = checked(reporter => readNetworkCall(toArguments([options]), runTimeSpan, reporter));
  const record = { call, ends: [options.input, options.output] };
  checked(reporter => graphOfRecord(record, reporter));
  return networks.create(record);
}
