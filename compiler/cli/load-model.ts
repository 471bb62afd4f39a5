/** An architecture file or a compiled module → the model, ready to run. */
import type { Proof, RobustModel } from '../../runtime/contract.ts';
import type { ModelSource } from '../../runtime/workers/model-source.ts';
import type { Settings } from '../1-frontend/apply-settings.ts';
import type { ProbabilitySizes, ScaleEstimator } from '../4-schedule/plan.ts';

export interface LoadOptions {
  /** `--set`. */
  readonly settings?: Settings | undefined;
  readonly norm?: 'linf' | 'l2';
  readonly box?: readonly [number, number] | null;
  /** `--bounds` for the schedule that certifies, as in `dualc compile`. */
  readonly certifyBounds?: string;
  /** `--probability` for the same schedule. */
  readonly probability?: ProbabilitySizes;
  /** `interval`, `sketch`, `sketch:per-layer` or `exact` for the schedule that trains. */
  readonly trainBounds?: string;
  readonly projections?: number;
  readonly estimator?: ScaleEstimator;
  /** Bytes that the tensors of one call may take, for a batch of the given size. */
  readonly memoryBytes?: number;
  readonly batch?: number;
}

/**
 * An architecture file is compiled in memory; a compiled module is imported as it is, and refuses options that would
 * change what it was compiled for.
 * @throws InputError for a file that is neither, ArchitectureError and BoundsRequestError as the compiler does
 */
export async function loadModel(path: string, options: LoadOptions = {}): Promise<RobustModel> {
  return (await loadModule(path, options)).model;
}

export interface LoadedModule {
  readonly model: RobustModel;
  /** Where a thread finds the same module. */
  readonly source: ModelSource;
}

/** As `loadModel`. */
export async function loadModule(path: string, options: LoadOptions = {}): Promise<LoadedModule> {
  if (path.endsWith('.arch.ts')) return compileAndLoad(path, options);
  const { InputError } = await import('../../runtime/errors.ts');
  if (/\.[cm]?js$/.test(path)) return importModule(path, options);
  const advice = path.endsWith('.ts')
    ? 'compile its architecture with --emit js, or name the architecture'
    : 'give an architecture file, NAME.arch.ts';
  throw new InputError(`${path} is neither an architecture file nor a compiled JavaScript module: ${advice}`);
}

async function compileAndLoad(path: string, options: LoadOptions): Promise<LoadedModule> {
  const [{ readGraph }, { compileGraph }, { silentTrace }, { sayDiagnostics }] = await Promise.all([
    import('../compile.ts'),
    import('../compile-graph.ts'),
    import('../shared/trace.ts'),
    import('./say-diagnostics.ts'),
  ]);
  const { graph, warnings } = readGraph(path, silentTrace, { settings: options.settings ?? {} });
  // A run loads its architecture once per training bound: its warnings are said once.
  if (!warned.has(path)) sayDiagnostics(warnings);
  warned.add(path);
  if ((options.norm ?? graph.ball.norm) === 'l2' && Array.isArray(options.box)) {
    const { UsageError } = await import('./usage-error.ts');
    throw new UsageError('an l2 ball has no box: leave --box out, or ask for --norm linf');
  }
  if (options.norm === 'l2' && options.box === undefined) await warnOfBox(path, graph.ball);
  const ball = withOptions(graph.ball, options);
  const { code } = compileGraph({ ...graph, ball }, { ...(await compileOptions(options)) }, silentTrace);
  const { importModel } = await import('../../runtime/workers/model-source.ts');
  const model = await importModel({ kind: 'code', code });
  return { model, source: { kind: 'code', code: forThreads(code) } };
}

/** Threads run what was built, also where dualc runs from its sources (`runtime/workers/start-workers.ts`). */
function forThreads(code: string): string {
  if (!import.meta.url.endsWith('.ts')) return code;
  const folder = (name: string): string => new URL(`../../${name}/`, import.meta.url).href;
  return code.replaceAll(folder('runtime'), folder('dist/runtime'));
}

const warned = new Set<string>();

/** The box of an ℓ∞ ball is lost on the way to an ℓ2 ball: what is proved is more than was asked for, and harder. */
async function warnOfBox(path: string, ball: GraphBall): Promise<void> {
  if (ball.norm !== 'linf' || ball.box === null) return;
  const { warn } = await import('./say.ts');
  warn(
    `an l2 ball has no box in this version of dualc: it reaches beyond the limits [${ball.box.join(', ')}] that ${path} ` +
      'gives, to inputs that cannot occur; --no-box says that you mean that',
  );
}

async function compileOptions(options: LoadOptions) {
  const [{ parseBoundsRequest }, { defaultOptions }] = await Promise.all([
    import('../4-schedule/bounds-request.ts'),
    import('../options.ts'),
  ]);
  const certify = parseBoundsRequest(options.certifyBounds ?? '').map(request => ({
    ...request,
    purpose: request.purpose ?? ('certify' as const),
  }));
  const train = parseBoundsRequest(options.trainBounds ?? '').map(request => ({
    ...request,
    purpose: request.purpose ?? ('train' as const),
  }));
  return {
    ...defaultOptions,
    requests: [...certify, ...train],
    projections: options.projections ?? defaultOptions.projections,
    estimator: options.estimator ?? defaultOptions.estimator,
    probability: options.probability ?? null,
    memoryBytes: options.memoryBytes ?? defaultOptions.memoryBytes,
    ...(options.batch === undefined ? {} : { trainBatch: options.batch }),
    language: 'js' as const,
    // The module is written outside of any package: it names what it imports by address.
    tensors: new URL('../../runtime/tensors.js', import.meta.url).href,
    runtime: new URL('../../runtime/index.js', import.meta.url).href,
  };
}

type GraphBall = import('../2-graph/layer.ts').Ball;

function withOptions(ball: GraphBall, { norm, box }: LoadOptions): GraphBall {
  const { epsilon } = ball;
  if ((norm ?? ball.norm) === 'l2') return { norm: 'l2', epsilon };
  return { norm: 'linf', epsilon, box: box === undefined ? (ball.norm === 'linf' ? ball.box : null) : box };
}

/** What a module was compiled for, where it is another probability than the one that is asked for. */
function otherProbability(proof: Proof, asked: ProbabilitySizes | undefined): string[] {
  if (asked === undefined) return [];
  if (proof.kind !== 'probability') return ['bounds without estimates'];
  const isSame = (['delta', 'projections', 'estimators'] as const).every(name => proof[name] === asked[name]);
  const { delta, projections, estimators } = proof;
  return isSame ? [] : [`--probability ${1 - delta} --projections ${projections} --estimators ${estimators}`];
}

async function importModule(path: string, options: LoadOptions): Promise<LoadedModule> {
  const [{ InputError }, { contractVersion }, { checkRegularFile }, { fileKinds }, { resolve }, { pathToFileURL }] =
    await Promise.all([
      import('../../runtime/errors.ts'),
      import('../../runtime/contract.ts'),
      import('../../runtime/files/read-file.ts'),
      import('../../runtime/files/file-kinds.ts'),
      import('node:path'),
      import('node:url'),
    ]);
  // The import would wait for a pipe, and read a device to its end.
  checkRegularFile(path, fileKinds.module);
  const source = { kind: 'file', url: pathToFileURL(resolve(path)).href } as const;
  const module = (await import(source.url)) as { default?: Partial<RobustModel> };
  const model = module.default;
  const meta = model?.meta;
  if (meta === undefined || typeof model?.margins !== 'function') {
    throw new InputError(`${path} is no module that dualc compiled: it has no model as its default export`);
  }
  if (meta.contract !== contractVersion) {
    throw new InputError(
      `${path} was compiled for contract ${meta.contract}, this runtime has ${contractVersion}: compile ${meta.source} again`,
    );
  }
  const refused = [
    ...(Object.keys(options.settings ?? {}).length > 0 ? ['the constants it was given'] : []),
    ...(options.norm !== undefined && options.norm !== meta.ball.norm ? [`the norm ${meta.ball.norm}`] : []),
    ...(options.box !== undefined && String(options.box) !== String(meta.ball.box)
      ? [`the box ${meta.ball.box?.join(', ') ?? 'none'}`]
      : []),
    ...(options.certifyBounds !== undefined ? ['its bounds'] : []),
    ...otherProbability(meta.certify.proof, options.probability),
  ];
  if (refused.length > 0)
    throw new InputError(`${path} was compiled for ${refused.join(', ')}: compile its architecture for what you ask`);
  return { model: model as RobustModel, source };
}
