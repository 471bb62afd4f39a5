/**
 * Gives every layer its unique name: the one written with `name:`, else that of the first `const` it is bound to, else kind and ordinal
 * (`conv2d_3`, the third convolution). A `const` in a function that is called again gets a number: `main`, `main_2`. Written names are
 * never changed, so two equal ones are an error.
 */

import type { CallId, LayerCall } from '../1-frontend/arch-ast.ts';
import { diagnose } from '../diagnostics/catalog.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import { type LayerId, layerId } from '../shared/ids.ts';

/** Reports names that are written twice. */
export function checkWrittenNames(calls: readonly LayerCall[], reporter: Reporter): void {
  const first = new Map<string, LayerCall>();
  for (const call of calls) {
    if (call.name === null) continue;
    const earlier = first.get(call.name);
    if (earlier === undefined) {
      first.set(call.name, call);
      continue;
    }
    const span = call.optionSpans.name ?? call.span;
    const earlierSpan = earlier.optionSpans.name ?? earlier.span;
    const sameCall = JSON.stringify(span) === JSON.stringify(earlierSpan);
    const notes = sameCall ? [] : [{ span: earlierSpan, label: 'the first one' }];
    reporter.report(diagnose('duplicate-name', { name: call.name, sameCall }, span, notes));
  }
}

/** @param calls the layers of the graph, in order; their written names differ */
export function nameLayers(calls: readonly LayerCall[]): ReadonlyMap<CallId, LayerId> {
  const taken = new Set(calls.flatMap(({ name }) => name ?? []));
  const ordinals = new Map<string, number>();
  const names = new Map<CallId, LayerId>();
  for (const call of calls) {
    const ordinal = (ordinals.get(call.kind) ?? 0) + 1;
    ordinals.set(call.kind, ordinal);
    const name = call.name ?? firstFree(call.boundTo ?? `${call.kind}_${ordinal}`, taken);
    taken.add(name);
    names.set(call.id, layerId(name));
  }
  return names;
}

function firstFree(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}_${number}`;
  return name;
}
