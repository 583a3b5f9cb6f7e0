import type { FaultAct } from './faults-door'

/** SIGKILL to this process, where somebody starts it again: whoever supervises it holds a channel to it. */
export const killFault: FaultAct = {
  obstacle: () => (process.connected ? undefined : 'nothing would start it again; run it by npm start'),
  strike: () =>
    Promise.resolve({
      detail: `process ${process.pid} kills itself`,
      after: () => void setImmediate(() => process.kill(process.pid, 'SIGKILL')),
    }),
}
