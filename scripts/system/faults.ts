import { isLoopback } from '../../shared/runtime/open-door'
import type { FoundBroker } from '../broker/found-broker'
import type { SystemSettings } from './settings'

/**
 * What the services are told of faults: they can be made to happen here, unless the settings say otherwise or others could
 * reach them; and how the memory of a broker is blocked that is ours alone.
 */
export function faultSettings(
  { FAULTS, HOST, FAULTS_BROKER_COMMAND }: Pick<SystemSettings, 'FAULTS' | 'HOST' | 'FAULTS_BROKER_COMMAND'>,
  { ctl }: Pick<FoundBroker, 'ctl'>,
  { NODE_ENV }: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const usual = isLoopback(HOST) && NODE_ENV !== 'production' ? 'on' : 'off'
  const faults = FAULTS ?? usual
  if (faults === 'off') return { FAULTS: faults }
  const command = FAULTS_BROKER_COMMAND ?? (ctl && JSON.stringify(ctl))
  return { FAULTS: faults, ...(command !== undefined && { FAULTS_BROKER_COMMAND: command }) }
}
