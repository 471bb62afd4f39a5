/** Words of Keras, TensorFlow.js and PyTorch that dualc has not, and what is done in dualc instead. */

/** What to do about a name that another library has; null when none of them has it. Case and underscores do not matter. */
export function insteadOf(name: string): string | null {
  const key = name.toLowerCase().replaceAll('_', '');
  return layers.get(key) ?? null;
}

/** The same for an option of a layer. */
export function insteadOfOption(option: string): string | null {
  return options.get(option.toLowerCase().replaceAll('_', '')) ?? null;
}

const table = (rows: readonly (readonly [words: string, text: string])[]): ReadonlyMap<string, string> =>
  new Map(rows.flatMap(([words, text]) => words.split(' ').map(word => [word, text] as const)));

const layers = table([
  [
    'gelu elu selu celu silu swish mish relu6 prelu rrelu thresholdedrelu sigmoid hardsigmoid logsigmoid tanh hardtanh ' +
      'softplus softsign hardswish hardsilu exponential activation glu step sign',
    'the nonlinearities that dualc can prove things about are `relu` and `leakyRelu`',
  ],
  ['softmax logsoftmax', 'leave it out: the output of a network is its logits, and the loss takes their softmax'],
  [
    'maxpool1d maxpool2d maxpool3d maxpooling1d maxpooling2d maxpooling3d globalmaxpooling2d globalmaxpool2d adaptivemaxpool2d ' +
      'averagepooling1d avgpool1d avgpool3d upsampling2d',
    'of poolings dualc has `averagePool2d`; a `conv2d` with `strides` makes maps smaller too',
  ],
  ['averagepooling2d avgpool2d', 'it is called `averagePool2d`: `averagePool2d(x, { poolSize: 2 })`'],
  [
    'globalaveragepooling2d globalavgpool2d adaptiveavgpool2d',
    'pool the whole map: `flatten(averagePool2d(x, { poolSize: [height, width] }))`',
  ],
  [
    'conv1d conv3d conv2dtranspose convtranspose2d deconv2d separableconv1d separableconv2d depthwiseconv2d convolution2d convolution1d',
    'of convolutions dualc has `conv2d`, with all channels connected',
  ],
  [
    'batchnorm batchnorm1d batchnorm2d batchnormalization layernorm layernormalization groupnorm groupnormalization ' +
      'instancenorm instancenorm2d unitnormalization rescaling normalization',
    '`normalize` scales by fixed numbers; one that was learnt can be multiplied into the weights of the layer before it',
  ],
  [
    'dropout dropout2d spatialdropout2d alphadropout gaussiandropout gaussiannoise activityregularization randomflip randomcrop',
    'leave it out: it does nothing once a network is trained; `dualc train --augment` and `--weight-decay` work against overfitting',
  ],
  ['concatenate cat stack', 'it is called `concat`: `concat(a, b)`'],
  [
    'subtract sub multiply mul average maximum minimum dot',
    'of operations on several layers dualc has `add` and `concat`',
  ],
  ['linear fullyconnected fc affine', 'it is called `dense`'],
  ['inputlayer placeholder', 'it is called `input`'],
  ['model sequential functional module', 'end the file with `export default network({ input, output, ball })`'],
  ['l1 l0 lp linfinity inf linfball l2ball', 'the balls are `linf({ epsilon })` and `l2({ epsilon })`'],
  ['zeropadding2d padding2d pad constantpad2d', 'padding is an option of `conv2d`: `padding: 1`'],
  ['permute transpose cropping2d repeatvector', 'of rearrangements dualc has `flatten` and `reshape`'],
  [
    'lstm gru rnn simplernn embedding attention multiheadattention bidirectional timedistributed lambda',
    'dualc is for feed-forward networks of `conv2d`, `dense`, `relu`, `add`, `normalize`, `flatten` and `reshape`',
  ],
]);

const options = table([
  ['activation nonlinearity', 'a nonlinearity is a layer of its own: relu(dense(x, { … }))'],
  ['inputshape batchinputshape inputdim', 'the shape is given once, to input([28, 28, 1])'],
  [
    'kernelinitializer biasinitializer init initializer weights',
    'first weights are chosen when training: dualc train --init',
  ],
  [
    'kernelregularizer biasregularizer regularizer weightdecay',
    'weights are kept small when training: dualc train --weight-decay',
  ],
  ['dataformat', 'maps are [height, width, channels] everywhere'],
  ['dilationrate dilation dilations groups depthmultiplier', 'dualc has no such convolution'],
  ['trainable', 'all weights are trained'],
  ['bias', 'it is called `useBias`'],
  ['stride', 'it is called `strides`'],
  ['outchannels', 'it is called `filters`'],
  ['outfeatures', 'it is called `units`'],
  ['eps radius', 'it is called `epsilon`'],
  ['norm', 'the ball itself says it: linf({ … }) or l2({ … })'],
]);
