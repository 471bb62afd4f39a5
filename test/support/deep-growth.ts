/** What it takes to compile a network, and to compile one twice as deep. */
import { parseBoundsRequest } from '../../compiler/4-schedule/bounds-request.ts';
import { countingWork } from './counted-work.ts';
import { compileDeep, type DeepKind } from './deep-networks.ts';

/** Steps up to each form that the compiler records, and the size of the module. */
function measured(kind: DeepKind, depth: number, bounds: string) {
  const steps = new Map<string, number>();
  const { code } = countingWork(sofar => {
    let last = 0;
    const record = (form: string): void => {
      const now = sofar();
      steps.set(form, now - last);
      last = now;
    };
    return compileDeep(kind, depth, { requests: parseBoundsRequest(bounds) }, { record });
  });
  return { steps, size: code.length };
}

/** The module grows by the factor `size`; `excessive` are the forms that take more than their share of additional work. */
export function growth(kind: DeepKind, depth: number, bounds: string) {
  const [before, after] = [measured(kind, depth, bounds), measured(kind, 2 * depth, bounds)];
  const size = after.size / before.size;
  const grown = [...after.steps].map(([form, steps]) => [form, steps / before.steps.get(form)!] as const);
  return { size, forms: grown.length, excessive: grown.filter(([, by]) => by > 1.1 * Math.max(2, size)) };
}
