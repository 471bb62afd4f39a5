/** What threads are asked to do for a model, and what they answer. All of it is plain data, which can be cloned. */

import type { CascadeAttackPart, FoundAnswers } from '../attack/attack-cascade.ts';
import type { AttackPart, FoundPoints } from '../attack/attack-examples.ts';
import type { BackendName } from '../backend/backend-name.ts';
import type { Cascade } from '../cascade/cascade.ts';
import type { CertificateOptions, Certificates } from '../certify/certificates.ts';
import type { BatchOfStep } from '../train/batch-loss.ts';
import type { Examples } from '../train/batches.ts';
import type { Loss } from '../train/training-loss.ts';
import type { Weights } from '../weights/weights-from.ts';
import type { ModelSource } from './model-source.ts';

/** What every thread is given when it starts. */
export interface Equipment {
  /** One, or those of the phases of a training run. */
  readonly models: readonly ModelSource[];
  /** Those of the stages of a cascade, or one; none where tasks bring them, as in a training run, which changes them with every step. */
  readonly weights: readonly Weights[];
  readonly backend: BackendName;
}

export interface CertifyTask {
  readonly kind: 'certify';
  /** Number of its weights among those of the equipment. */
  readonly weights: number;
  readonly examples: Examples;
  readonly options: CertificateOptions;
}

export interface AttackTask {
  readonly kind: 'attack';
  readonly examples: Examples;
  readonly part: AttackPart;
}

export interface CascadeAttackTask {
  readonly kind: 'cascadeAttack';
  readonly examples: Examples;
  readonly cascade: Cascade;
  readonly part: CascadeAttackPart;
}

export interface LossTask {
  readonly kind: 'loss';
  /** Number of the model among those of the equipment. */
  readonly model: number;
  readonly params: Weights;
  readonly examples: Examples;
  readonly plan: Omit<BatchOfStep, 'model' | 'params' | 'examples'>;
}

/** Means over the examples. */
export interface LossAnswer {
  readonly natural: Loss;
  readonly robust: Loss | null;
  readonly robustExamples: number;
  readonly gradients: Weights;
}

export type Task = CertifyTask | AttackTask | CascadeAttackTask | LossTask;

export type Answer =
  | { readonly kind: 'certify'; readonly certificates: Certificates; readonly robustErrors: number }
  | { readonly kind: 'attack'; readonly found: FoundPoints }
  | { readonly kind: 'cascadeAttack'; readonly found: FoundAnswers }
  | ({ readonly kind: 'loss' } & LossAnswer);
