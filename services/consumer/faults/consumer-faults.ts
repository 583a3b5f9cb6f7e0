import type { Transport } from '../../../shared/messaging/transport'
import { linkFaults } from '../../../shared/operations/link-faults'
import type { FaultActs } from '../../../shared/runtime/faults-door'
import { killFault } from '../../../shared/runtime/kill-fault'
import type { Hangs } from './hangs'

/** What a consumer can be made to suffer. */
export function consumerFaults(
  transport: () => Pick<Transport, 'faults'> | undefined,
  hangs: Pick<Hangs, 'arm'>,
): FaultActs {
  return {
    ...linkFaults(transport),
    hang: {
      obstacle: () => undefined,
      strike: (asked) => Promise.resolve().then(() => hangs.arm(asked['type'], asked['group'])),
    },
    kill: killFault,
  }
}
