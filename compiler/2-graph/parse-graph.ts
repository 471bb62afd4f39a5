/** Reads back the text of `print-graph.ts`. For tests of later stages: spans point into the text. */
import { hasKind } from '../layers/registry.ts';
import { InternalError, invariant } from '../shared/assert.ts';
import { layerId } from '../shared/ids.ts';
import type { SourceSpan } from '../shared/span.ts';
import { attributeForms } from './attribute-forms.ts';
import type { Ball, Layer, LayerGraph } from './layer.ts';

type Attributes = Readonly<Record<string, unknown>>;

/**
 * `graph` and `hash` lines may be missing.
 * @throws InternalError at a line that cannot be read; the graph itself is not verified
 */
export function parseGraph(text: string): LayerGraph {
  const fields = new Map<string, string>();
  const layers: Layer[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const content = line.replace(/#.*$/, '').trim();
    // A layer may be called `output`: then an equals sign follows.
    const field = /^(graph|hash|ball|output) (?!= )(.+)$/.exec(content);
    if (field) fields.set(field[1]!, field[2]!);
    else if (content !== '') layers.push(parseLayer(content, index + 1));
  }
  const input = layers.find(({ kind }) => kind === 'input');
  const output = fields.get('output');
  invariant(input !== undefined && output !== undefined, 'the text needs an input and a line `output NAME`');
  const ball = parseBall(fields.get('ball') ?? 'linf 0.1');
  const source = fields.get('graph') ?? 'test.arch.ts';
  return { source, sourceHash: fields.get('hash') ?? '', layers, input: input.id, output: layerId(output), ball };
}

function parseLayer(content: string, line: number): Layer {
  const match = /^(\w+) = (\w+)\(([^)]*)\)(?: \{(.*)\})?\s*: (\[.*\])$/.exec(content);
  if (match === null) throw new InternalError(`line ${line} of the graph cannot be read: ${content}`);
  const [, id, kind, inputs, attributes = '', shape] = match;
  const span: SourceSpan = {
    file: 'test.arch.ts',
    start: { line, column: 1 },
    end: { line, column: content.length + 1 },
  };
  const names = inputs!.split(',').map(name => name.trim());
  const base = {
    id: layerId(id!),
    inputs: names.filter(name => name !== '').map(layerId),
    shape: JSON.parse(shape!) as number[],
    span,
  };
  return withAttributes(base, kind!, JSON.parse(`{${attributes.replace(/(\w+):/g, '"$1":')}}`) as Attributes);
}

type Base = Pick<Layer, 'id' | 'inputs' | 'shape' | 'span'>;

function withAttributes(base: Base, kind: string, attributes: Attributes): Layer {
  if (!hasKind(kind)) throw new InternalError(`${base.id} is of no known kind: ${kind}`);
  const own = attributeForms(kind).map(([name, form]) => [name, form.parse(attributes[name])]);
  return { kind, ...base, ...Object.fromEntries(own) } as Layer;
}

function parseBall(text: string): Ball {
  const match = /^(linf|l2) (\S+)(?: in (\[.*\]))?$/.exec(text);
  if (match === null) throw new InternalError(`the ball cannot be read: ${text}`);
  const epsilon = Number(match[2]);
  if (match[1] === 'l2') return { norm: 'l2', epsilon };
  return { norm: 'linf', epsilon, box: match[3] === undefined ? null : (JSON.parse(match[3]) as [number, number]) };
}
