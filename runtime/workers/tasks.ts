/** What threads are asked to do for a model, and what they answer. All of it is plain data, which can be cloned. */
import type { AttackPart, FoundPoints } from '../attack/attack-examples.ts';
import type { BackendName } from '../backend/backend-name.ts';
import type { CertificateOptions, Certificates } from '../certify/certificates.ts';
import type { Examples } from '../train/batches.ts';
import type { Weights } from '../weights/weights-from.ts';
import type { ModelSource } from './model-source.ts';

/** What every thread is given when it starts. */
export interface Equipment {
  readonly model: ModelSource;
  readonly weights: Weights;
  readonly backend: BackendName;
}

export interface CertifyTask {
  readonly kind: 'certify';
  readonly examples: Examples;
  readonly options: CertificateOptions;
}

export interface AttackTask {
  readonly kind: 'attack';
  readonly examples: Examples;
  readonly part: AttackPart;
}

export type Task = CertifyTask | AttackTask;

export type Answer =
  | { readonly kind: 'certify'; readonly certificates: Certificates; readonly robustErrors: number }
  | { readonly kind: 'attack'; readonly found: FoundPoints };
