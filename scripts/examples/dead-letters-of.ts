import type { DeadLetterFacts } from '../../examples/stage'
import { openDeadLetters } from '../../shared/messaging/open-dead-letters'
import { findGroup } from '../../shared/operations/find-group'
import type { BrokerPlace } from './remove-objects'

/** What is parked for a group, oldest first. Nothing is taken away. */
export async function deadLettersOf(
  groupName: string,
  { brokerUrl, namespace, groups, settings }: BrokerPlace,
): Promise<readonly DeadLetterFacts[]> {
  const { BROKER_CA_FILE: caFile, BROKER_CERT_FILE: certFile, BROKER_KEY_FILE: keyFile } = settings
  const tls = { caFile, certFile, keyFile }
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
