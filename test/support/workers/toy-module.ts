/** The toy model as a module, what a thread loads; its robust loss draws noise. */
import { toyModel } from '../toy-model.ts';

export default toyModel({}, 0.5);
