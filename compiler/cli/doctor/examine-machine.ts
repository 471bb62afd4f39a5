/** The facts that `dualc doctor` shows. */
import { existsSync } from 'node:fs';
import os from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { type CoreCopy, coreCopies } from '../../../runtime/backend/core-copies.ts';
import type { BackendInfo } from '../../../runtime/backend/load-first.ts';
import { selectBackend } from '../../../runtime/backend/select-backend.ts';
import { type SelfTestReport, selfTest } from '../../../runtime/backend/self-test.ts';
import { namedSets, placesOf } from '../../../runtime/data/named-places.ts';
import { version } from '../../version.ts';
import { type MachineMemory, machineMemory } from './machine-memory.ts';
import { type SurveyedBackend, type SurveyOptions, surveyBackends } from './survey-backends.ts';

export interface ExamineOptions {
  readonly backend?: string | undefined;
  readonly dataDir?: string | undefined;
  readonly measure: boolean;
  readonly onBackend?: SurveyOptions['onBackend'];
}

export interface DataPlace {
  readonly folder: string;
  readonly exists: boolean;
}

export interface Findings {
  /** Whether the backend passed its self-test. */
  readonly sound: boolean;
  readonly dualc: string;
  readonly node: string;
  readonly tfjs: string;
  readonly platform: string;
  readonly cores: number;
  readonly memory: MachineMemory;
  readonly backend: BackendInfo;
  /** All that there are, fastest first. */
  readonly backends: readonly SurveyedBackend[];
  readonly selfTest: SelfTestReport;
  /** More than one is a mistake of the installation. */
  readonly tfjsCopies: readonly CoreCopy[];
  /** Folders by dataset, in the order in which they are looked at. */
  readonly data: Readonly<Record<string, readonly DataPlace[]>>;
}

/** Raises what `selectBackend` raises. */
export async function examineMachine({ backend, dataDir, measure, onBackend }: ExamineOptions): Promise<Findings> {
  const info = await selectBackend({ prefer: backend, source: '--backend' });
  const report = await selfTest();
  const places = Object.entries(namedSets).map(([name, set]) => [
    name,
    placesOf(set, dataDir, process.env).map((folder): DataPlace => ({ folder, exists: existsSync(folder) })),
  ]);
  return {
    sound: report.passed,
    dualc: version,
    node: process.versions.node,
    tfjs: tf.version_core,
    platform: `${process.platform} ${process.arch}`,
    cores: os.availableParallelism(),
    memory: machineMemory(),
    backend: info,
    backends: await surveyBackends({ chosen: info.name, measure, ...(onBackend && { onBackend }) }),
    selfTest: report,
    tfjsCopies: coreCopies(),
    data: Object.fromEntries(places),
  };
}
