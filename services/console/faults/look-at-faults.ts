import type { FaultName, FaultPlace, FaultTarget, FaultView } from '../views/faults'
import { blocking } from './broker-memory'
import { lookAtService, type ServiceFaults } from './service-faults'
import type { FaultDoors } from './strike'
import { wordsOf } from './words'
import { faultNames, targetsOf } from './trial-plan'

const notOurs = "the broker was found running or named by BROKER_URL: it may be somebody else's, too"
const byHand = `rabbitmqctl eval '${blocking(10_000)}.'`

/** What can be made to happen to whom, and what is in the way; never rejects. */
export async function lookAtFaults(doors: FaultDoors): Promise<readonly FaultView[]> {
  const [producer, consumer] = await Promise.all([lookAtService(doors.producer), lookAtService(doors.consumer)])
  const placeOf = (name: FaultTarget, fault: FaultName) =>
    name === 'broker' ? brokerPlace(doors) : servicePlace(name, { fault, found: { producer, consumer }[name] })
  return faultNames.map((name) => ({
    name,
    ...wordsOf[name],
    targets: targetsOf[name].map((target) => placeOf(target, name)),
  }))
}

function brokerPlace({ memory }: FaultDoors): FaultPlace {
  return memory === undefined ? { name: 'broker', obstacle: notOurs, command: byHand } : { name: 'broker' }
}

function servicePlace(
  name: 'producer' | 'consumer',
  { fault, found }: { readonly fault: FaultName; readonly found: ServiceFaults },
): FaultPlace {
  if ('why' in found) return { name, obstacle: found.why }
  const obstacle = found.has(fault) ? found.get(fault) : `the ${name} knows no such fault`
  return obstacle === undefined ? { name } : { name, obstacle }
}
