/**
 * The kernels that each backend of TensorFlow.js 4.22 registers. A program may only use what all of them have: it is compiled once and
 * runs on whichever loads. The lists are compared with the registry by a test, native's by `npm run test:native`, WebGPU's by `npm run test:webgpu`.
 */
export type BackendName = 'cpu' | 'wasm' | 'native' | 'webgpu';

const names = (text: string): string[] => text.trim().split(/\s+/);

const inAll = names(`
  Abs Acos Acosh Add AddN All Any ArgMax ArgMin Asin Asinh Atan Atan2 Atanh AvgPool AvgPool3D AvgPool3DGrad
  AvgPoolGrad BatchMatMul BatchToSpaceND Bincount BroadcastArgs Cast Ceil ClipByValue Concat Conv2D
  Conv2DBackpropInput Conv3D Conv3DBackpropFilterV2 Conv3DBackpropInputV2 Cos Cosh CropAndResize Cumprod Cumsum
  DepthToSpace DepthwiseConv2dNative Diag Dilation2D Dilation2DBackpropFilter Dilation2DBackpropInput Elu EluGrad
  Equal Erf Exp ExpandDims Expm1 Fill FlipLeftRight Floor FloorDiv FusedBatchNorm FusedConv2D FusedDepthwiseConv2D
  GatherNd GatherV2 Greater GreaterEqual Identity IsFinite IsInf IsNan LRN LRNGrad LeakyRelu Less LessEqual LinSpace
  Log Log1p LogicalAnd LogicalNot LogicalOr Max MaxPool MaxPool3D MaxPool3DGrad MaxPoolGrad Maximum Mean Min Minimum
  MirrorPad Mod Multinomial Multiply Neg NonMaxSuppressionV3 NonMaxSuppressionV5 NotEqual OneHot
  OnesLike Pack PadV2 Pow Prelu Prod Range RealDiv Reciprocal Relu Relu6 Reshape ResizeBilinear ResizeBilinearGrad
  ResizeNearestNeighbor ResizeNearestNeighborGrad Reverse Round Rsqrt ScatterNd Select Selu Sigmoid Sign Sin Sinh
  Slice Softmax Softplus SpaceToBatchND SparseToDense SplitV Sqrt Square SquaredDifference Step StridedSlice Sub Sum
  Tan Tanh TensorScatterUpdate Tile TopK Transpose Unpack ZerosLike _FusedMatMul
`);

const inAllButWebgpu = names('NonMaxSuppressionV4 Unique');

const inCpuAndWasm = names(`
  BitwiseAnd DenseBincount MaxPoolWithArgmax RotateWithOffset SearchSorted SparseFillEmptyRows SparseReshape
  SparseSegmentMean SparseSegmentSum StringNGrams StringSplit StringToHashBucketFast Transform
`);

const inCpuAndNative = names(`
  Complex ComplexAbs Conv2DBackpropFilter DepthwiseConv2dNativeBackpropFilter DepthwiseConv2dNativeBackpropInput
  Einsum FFT IFFT Imag Real StaticRegexReplace UnsortedSegmentSum
`);

const beyondAllInWebgpu = names(`
  Complex ComplexAbs Conv2DBackpropFilter DenseBincount DepthwiseConv2dNativeBackpropFilter
  DepthwiseConv2dNativeBackpropInput Draw Einsum FFT FromPixels IFFT Imag MaxPoolWithArgmax Real RotateWithOffset
  SearchSorted SparseSegmentMean SparseSegmentSum StringNGrams Transform UnsortedSegmentSum
`);

const onlyInCpu = names('Draw RaggedGather RaggedRange RaggedTensorToTensor');
const onlyInWasm = names('LogicalXor');

export const backendKernels: { readonly [Name in BackendName]: ReadonlySet<string> } = {
  cpu: new Set([...inAll, ...inAllButWebgpu, ...inCpuAndWasm, ...inCpuAndNative, ...onlyInCpu]),
  wasm: new Set([...inAll, ...inAllButWebgpu, ...inCpuAndWasm, ...onlyInWasm]),
  native: new Set([...inAll, ...inAllButWebgpu, ...inCpuAndNative]),
  webgpu: new Set([...inAll, ...beyondAllInWebgpu]),
};
