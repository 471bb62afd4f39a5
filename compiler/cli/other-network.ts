/** How the network of a run and that of an architecture differ. */
import type { RunDescription } from '../../runtime/checkpoint/run-folder.ts';
import type { ModelMeta } from '../../runtime/contract.ts';

/** One line per layer, for `run.json`: `conv1 = conv2d(image) : [14, 14, 16], weight [4, 4, 1, 16], bias [16]`. */
export function layerLines({ layers, parameters }: ModelMeta): string[] {
  return layers.map(({ name, kind, inputs, shape }) => {
    const own = parameters.filter(({ layer }) => layer === name);
    const sizes = own.map(parameter => `, ${parameter.name.slice(name.length + 1)} ${list(parameter.shape)}`);
    return `${name} = ${kind}(${inputs.join(', ')}) : ${list(shape)}${sizes.join('')}`;
  });
}

/** Null when it is the same network; else what differs, one line each, indented. */
export function networkDifference(run: RunDescription, meta: ModelMeta): string | null {
  if (run.sourceHash === meta.sourceHash) return null;
  const [before, now] = [run.layers ?? [], layerLines(meta)];
  if (before.length === 0)
    return '  (the run was written by an earlier version of dualc, which did not keep its layers)';
  const gone = before.filter(line => !now.includes(line)).map(line => `  - ${line}`);
  const added = now.filter(line => !before.includes(line)).map(line => `  + ${line}`);
  const lines = [...gone, ...added];
  if (lines.length === 0)
    return '  the layers have the same names and sizes, but other options (strides, padding, mean, std) or another order';
  const rest = lines.length - most;
  return [...lines.slice(0, most), ...(rest > 0 ? [`  and ${rest} more`] : [])].join('\n');
}

/** As many lines as a terminal shows at a glance. */
const most = 12;

const list = (shape: readonly number[]): string => `[${shape.join(', ')}]`;
