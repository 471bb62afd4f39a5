/** The module 'dualc' as the static reader sees it. */
import { definitionOf, layerKinds } from '../layers/registry.ts';
import { type Machine, recordLayer } from './evaluate/machine.ts';
import type { ExportedValue, Exports } from './evaluate-module.ts';
import { readBallCall, readNetworkCall } from './read-layer-call.ts';
import type { BuiltinValue } from './value.ts';

export function vocabularyModule(machine: Machine): Exports {
  const builtin = (name: string, call: BuiltinValue['call']): [string, ExportedValue] => [
    name,
    { value: { kind: 'builtin', name: `${name}()`, call }, span: null },
  ];
  return new Map([
    ...layerKinds().map(kind =>
      builtin(kind, (parameters, span) => recordLayer(machine, definitionOf(kind), parameters, span)),
    ),
    builtin('linf', (parameters, span) => readBallCall('linf', parameters, span, machine.reporter)),
    builtin('l2', (parameters, span) => readBallCall('l2', parameters, span, machine.reporter)),
    builtin('network', (parameters, span) => readNetworkCall(parameters, span, machine.reporter)),
  ]);
}
