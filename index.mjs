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
  ring,
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
