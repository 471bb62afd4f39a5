/** The compiler as a library: `import { compileArchitecture } from 'dualc/compiler'`. */
export type { Ball, Layer, LayerGraph } from './2-graph/layer.ts';
export { type BoundsRequest, BoundsRequestError, parseBoundsRequest } from './4-schedule/bounds-request.ts';
export { type CompileResult, compileArchitecture, type ReadResult, readGraph } from './compile.ts';
export { type Compiled, compileGraph } from './compile-graph.ts';
export { ArchitectureError } from './diagnostics/architecture-error.ts';
export { renderDiagnostics } from './diagnostics/render.ts';
export { type CompileOptions, defaultOptions } from './options.ts';
export { type RecordingTrace, recordingTrace, silentTrace, type Trace } from './shared/trace.ts';
export { version } from './version.ts';
