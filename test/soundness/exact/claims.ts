/** What certificates claim of a subject: computed by emitted modules in float32 on the present backend, and by the interpreter in float64. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayerGraph } from '../../../compiler/2-graph/layer.ts';
import { buildDual } from '../../../compiler/3-dual/build-dual.ts';
import { interpret, type ProgramInputs } from '../../../compiler/5-program/interpret.ts';
import type { TensorProgram } from '../../../compiler/5-program/tensor-program.ts';
import type { RobustModel } from '../../../runtime/contract.ts';
import { compileFor, importModel, tensorsFor } from '../../support/emitted-model.ts';
import { emitProgram, runEmitted } from '../../support/emitted-program.ts';
import { dualOf, type Mistake, type PlanRequest, planFor, scheduleFor } from '../certificate.ts';
import { plansOf, roomy } from '../plan-requests.ts';
import { batchSize, ofSubject, withCompanion } from './companion.ts';
import type { ExactSubject } from './subject.ts';

export interface Claims {
  /** Schedule and arithmetic. */
  readonly name: string;
  /** Whether magnitudes were followed in float32 too, so that where they are finite no float32 sum overflows. */
  readonly arithmetic: 'float32' | 'float64';
  readonly margins: ArrayLike<number>;
  /** By nonlinearity. */
  readonly bounds: Readonly<Record<string, { readonly lower: ArrayLike<number>; readonly upper: ArrayLike<number> }>>;
}

export interface Claimant {
  readonly name: string;
  claim(subject: ExactSubject): Claims;
  /** Logits of the emitted module's own `forward`; null for those that have none. */
  readonly forward: ((subject: ExactSubject, points: readonly Float32Array[]) => Float32Array[]) | null;
}

/** Schedules of the graph's structure, by default every deterministic kind, each as a module and interpreted. */
export async function claimantsOf(
  graph: LayerGraph,
  seed: number,
  requests: readonly PlanRequest[] = requestsFor(graph, seed),
): Promise<Claimant[]> {
  const all: Claimant[] = [];
  const weighed = dualOf(graph);
  const different = distinct(requests, request =>
    scheduleFor(weighed, batchSize, request, { arithmetic: 'float32' }).certify.choices.map(({ strategy }) => strategy),
  );
  const compiled = different.map(({ name, bounds, memoryBytes }) => ({
    name,
    ...compileFor(graph, { bounds, memoryBytes, certifyBatch: batchSize }),
  }));
  for (const own of distinct(compiled, ({ programs }) => programs.certificate))
    all.push(ofModule(own.name, await importModel(own)), ofInterpreter(own.name, own.programs.certificate));
  return all;
}

/** Every deterministic kind, and intervals also where a closed form would be taken, which has the same radius and other rounding. */
export function requestsFor(graph: LayerGraph, seed: number): readonly PlanRequest[] {
  const dual = buildDual(graph);
  const bounds = dual.bounds.map(({ name }) => `certify:${name}=interval`).join(',');
  return [...plansOf(dual, seed).flat(), { name: 'interval from the input on', bounds, memoryBytes: roomy }];
}

/** One of them, by its name; null when the graph's schedules have none of that name. */
export async function claimantNamed(graph: LayerGraph, seed: number, name: string): Promise<Claimant | null> {
  const requests = requestsFor(graph, seed).filter(request => name.startsWith(`${request.name}, `));
  return (await claimantsOf(graph, seed, requests)).find(claimant => claimant.name === name) ?? null;
}

/** The same schedules with something done wrong in each program; emitted without the rest of a module. */
export function mistakenClaimants(graph: LayerGraph, seed: number, mistake: Mistake): Claimant[] {
  const planned = requestsFor(graph, seed).map(request => ({
    name: request.name,
    certificate: planFor({ graph, batch: batchSize }, request, { mistake, arithmetic: 'float32' }).certificate,
  }));
  return distinct(planned, ({ certificate }) => certificate).flatMap(({ name, certificate }) => [
    ofProgram(name, certificate),
    ofInterpreter(name, certificate),
  ]);
}

/** Those that come to something of their own, a schedule or a program: many requests come to the same in a small network. */
function distinct<T>(all: readonly T[], comesTo: (item: T) => unknown): T[] {
  const seen = new Set<string>();
  return all.filter(item => {
    const text = JSON.stringify(comesTo(item));
    return !seen.has(text) && seen.add(text);
  });
}

function ofModule(name: string, model: RobustModel): Claimant {
  return {
    name: `${name}, module`,
    claim(subject) {
      const { params, x, labels } = tensorsFor(model, withCompanion(subject));
      const margins = ofSubject(taken(model.margins(params, x, labels, subject.epsilon)));
      // Nonlinearities that read one layer share its bounds.
      const tensors = model.bounds(params, x, subject.epsilon);
      const bounds = Object.entries(tensors).map(
        ([layer, { lower, upper }]) =>
          [layer, { lower: ofSubject(entriesOf(lower)), upper: ofSubject(entriesOf(upper)) }] as const,
      );
      tf.dispose([
        ...Object.values(tensors).flatMap(({ lower, upper }) => [lower, upper]),
        x,
        labels,
        ...Object.values(params),
      ]);
      return { name: `${name}, module`, arithmetic: 'float32', margins, bounds: Object.fromEntries(bounds) };
    },
    forward({ params: numbers, label }, points) {
      const all = Float32Array.from(points.flatMap(point => [...point]));
      const { params, x, labels } = tensorsFor(model, { params: numbers, x: all, labels: points.map(() => label) });
      const logits = taken(model.forward(params, x));
      tf.dispose([x, labels, params]);
      return points.map((_, i) => logits.slice(i * model.meta.classes, (i + 1) * model.meta.classes));
    },
  };
}

const entriesOf = (tensor: tf.Tensor): Float32Array => tensor.dataSync<'float32'>().slice();

function taken(tensor: tf.Tensor): Float32Array {
  const values = entriesOf(tensor);
  tensor.dispose();
  return values;
}

function inputsOf(subject: ExactSubject): ProgramInputs {
  const { params, x, labels, epsilon } = withCompanion(subject);
  return { batchSize, inputs: { x, labels, epsilon: [epsilon] }, params };
}

function ofInterpreter(name: string, program: TensorProgram): Claimant {
  return {
    name: `${name}, interpreted`,
    claim: subject => ({
      ...claimsIn(interpret(program, inputsOf(subject))),
      name: `${name}, interpreted`,
      arithmetic: 'float64',
    }),
    forward: null,
  };
}

function ofProgram(name: string, program: TensorProgram): Claimant {
  const code = emitProgram(program);
  return {
    name: `${name}, emitted`,
    claim: subject => ({
      ...claimsIn(runEmitted(code, program, inputsOf(subject))),
      name: `${name}, emitted`,
      arithmetic: 'float32',
    }),
    forward: null,
  };
}

function claimsIn(
  outputs: Readonly<Record<string, { readonly data: Float64Array }>>,
): Pick<Claims, 'margins' | 'bounds'> {
  const relus = Object.keys(outputs).flatMap(name => /^bounds\.(.*)\.lower$/.exec(name)?.[1] ?? []);
  const end = (relu: string, side: string): Float64Array => ofSubject(outputs[`bounds.${relu}.${side}`]!.data);
  return {
    margins: ofSubject(outputs.margins!.data),
    bounds: Object.fromEntries(relus.map(relu => [relu, { lower: end(relu, 'lower'), upper: end(relu, 'upper') }])),
  };
}
