// tfjs-core's Node build carries neither gradients nor chained operations, and its ES modules cannot be loaded by Node
// as they are (no file extensions). `npm run build` bundles the three into dist/vendor/tfjs.js.
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
export * from '@tensorflow/tfjs-core/dist/index';
