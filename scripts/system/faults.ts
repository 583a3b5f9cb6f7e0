import { isLoopback } from '../../shared/runtime/open-door'
import type { FoundBroker } from '../broker/found-broker'
import type { SystemSettings } from './settings'

type FaultSettings = Pick<SystemSettings, 'FAULTS' | 'HOST' | 'FAULTS_BROKER_COMMAND' | 'API_KEYS' | 'CONSOLE_API_KEYS'>

/**
 * What the services are told of faults: they can be made to happen here, unless the settings say otherwise or others could
 * reach them, as those who are given keys; and how the memory of a broker is blocked that is ours alone.
 */
export function faultSettings(
  settings: FaultSettings,
  { ctl }: Pick<FoundBroker, 'ctl'>,
  { NODE_ENV }: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const { FAULTS, HOST, FAULTS_BROKER_COMMAND, API_KEYS, CONSOLE_API_KEYS } = settings
  const hasKeys = API_KEYS !== undefined || CONSOLE_API_KEYS !== undefined
  const usual = isLoopback(HOST) && !hasKeys && NODE_ENV !== 'production' ? 'on' : 'off'
  const faults = FAULTS ?? usual
  if (faults === 'off') return { FAULTS: faults }
  const command = FAULTS_BROKER_COMMAND ?? (ctl && JSON.stringify(ctl))
  return { FAULTS: faults, ...(command !== undefined && { FAULTS_BROKER_COMMAND: command }) }
}
