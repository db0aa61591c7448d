/** Versions as the manifest states them, so that they are known before the native runtime is loaded. */
import manifest from '../../package.json' with { type: 'json' };

export const whytokenVersion = manifest.version;

/** Pinned exactly by the manifest. */
export const onnxruntimeVersion = manifest.dependencies['onnxruntime-node'];
