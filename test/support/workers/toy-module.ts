/** The toy model as a module: what a thread loads. */
import { toyModel } from '../toy-model.ts';

export default toyModel();
