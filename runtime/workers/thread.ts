/** What runs in a thread of the pool: it loads backend, model and weights once, and then does tasks. */
import { workerData } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs-core';
import { searchThroughCertificates } from '../attack/attack-cascade.ts';
import { searchBalls } from '../attack/attack-examples.ts';
import { requireCoveredConvolutions } from '../backend/covered-convolutions.ts';
import { selectBackend } from '../backend/select-backend.ts';
import { requireSoundBackend } from '../backend/self-test.ts';
import { restartWasm } from '../backend/start-wasm.ts';
import { computeCertificates } from '../certify/certificates.ts';
import type { Params, RobustModel } from '../contract.ts';
import { lossHere } from '../train/batch-loss.ts';
import { makeTensors, readTensors } from '../train/snapshot.ts';
import { importModel } from './model-source.ts';
import { type Reply, replyOf } from './reply.ts';
import type { Answer, Equipment, LossAnswer, LossTask, Task } from './tasks.ts';

interface Ready {
  readonly models: readonly RobustModel[];
  readonly params: readonly Params[];
}

const equipment = workerData as Equipment;
let ready: Promise<Ready> | null = null;

export default async function doTask(task: Task): Promise<Reply<Answer>> {
  try {
    ready ??= prepare();
    return { kind: 'done', answer: await answer(task, await ready) };
  } catch (error) {
    const reply = replyOf(error);
    if (reply.kind === 'broken') {
      // An instance that trapped may do anything: the next task finds a fresh one, and its parameters anew.
      ready = null;
      await restartWasm().catch(() => process.exit(1));
    }
    return reply;
  }
}

async function prepare(): Promise<Ready> {
  await selectBackend({ prefer: equipment.backend, source: 'a worker' });
  const models: RobustModel[] = [];
  for (const source of equipment.models) models.push(await importModel(source));
  return { models, params: equipment.weights.map(makeTensors) };
}

async function answer(task: Task, { models, params }: Ready): Promise<Answer> {
  const model = models[task.kind === 'loss' ? task.model : 0];
  if (model === undefined) throw new RangeError('a worker was asked about a model that it was not given');
  switch (task.kind) {
    case 'certify': {
      // Once in each thread: an instance of the backend of its own computes there.
      await requireSoundBackend();
      requireCoveredConvolutions(model.meta);
      let robustErrors = 0;
      const own = paramsAt(params, task.weights);
      const { certificates } = await computeCertificates(model, own, task.examples, task.options, (_, errors) => {
        robustErrors = errors;
      });
      return { kind: 'certify', certificates, robustErrors };
    }
    case 'attack':
      return {
        kind: 'attack',
        found: await searchBalls(model, paramsAt(params, 0), task.examples, task.part, () => {}),
      };
    case 'cascadeAttack': {
      await requireSoundBackend();
      requireCoveredConvolutions(model.meta);
      const stages = { model, params };
      return {
        kind: 'cascadeAttack',
        found: await searchThroughCertificates(stages, task.cascade, task.examples, task.part, () => {}),
      };
    }
    case 'loss':
      return { kind: 'loss', ...(await lossOf(model, task)) };
  }
}

function paramsAt(params: readonly Params[], number: number): Params {
  const own = params[number];
  if (own === undefined) throw new RangeError(`a worker was asked about weights ${number}, which it was not given`);
  return own;
}

async function lossOf(model: RobustModel, { params: weights, examples, plan }: LossTask): Promise<LossAnswer> {
  const params = makeTensors(weights);
  try {
    const { natural, robust, robustExamples, gradients, statistics } = await lossHere({
      model,
      params,
      examples,
      ...plan,
    });
    const read = await readTensors(gradients);
    tf.dispose([gradients, statistics]);
    return { natural, robust, robustExamples, gradients: read };
  } finally {
    tf.dispose(params);
  }
}
