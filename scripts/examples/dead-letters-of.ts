import type { DeadLetterFacts } from '../../examples/stage'
import { openDeadLetters } from '../../shared/messaging/open-dead-letters'
import { findGroup } from '../../shared/operations/find-group'
import type { BrokerPlace } from './remove-objects'

const tls = { caFile: undefined, certFile: undefined, keyFile: undefined }

/** What is parked for a group, oldest first. Nothing is taken away. */
export async function deadLettersOf(
  groupName: string,
  { brokerUrl, namespace, groups }: BrokerPlace,
): Promise<readonly DeadLetterFacts[]> {
  const deadLetters = await openDeadLetters({ url: brokerUrl, namespace, name: 'example', tls })
  const found: DeadLetterFacts[] = []
  try {
    await deadLetters.walk(findGroup(groupName, groups), ({ id, type, reason, data }) => {
      found.push({ id, type, reason, data: data.toString() })
      return 'keep'
    })
  } finally {
    await deadLetters.close()
  }
  return found
}
