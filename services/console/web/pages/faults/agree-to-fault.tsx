import type { FaultView } from '../../../views/faults'
import type { TrialAsked } from '../../data/faults'
import { Dialog } from '../../parts/dialog'

interface AgreeToFaultProps {
  readonly fault: FaultView
  readonly asked: TrialAsked
  readonly agree: () => void
  readonly close: () => void
}

/** What a fault brings about that reaches further than a connection, before it does. */
export function AgreeToFault({ fault: { title, agree: words }, asked: { target }, agree, close }: AgreeToFaultProps) {
  return (
    <Dialog title={`${title}: the ${target}`} close={close}>
      <p>{words}</p>
      <div class="ends">
        <button type="button" class="button" onClick={close}>
          Cancel
        </button>
        <button type="button" class="button danger" onClick={agree}>
          Strike
        </button>
      </div>
    </Dialog>
  )
}
