// The names for `import`.
import loop from './index.js'

export const {
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval,
  setImmediate,
  clearImmediate,
  queueMicrotask,
  EventLoop,
  defaultLoop,
  ChainedPromise,
  delay,
  pendingPromises,
  Timeout,
  Immediate,
  promises,
  install,
  uninstall,
} = loop
export default loop
