import { rm } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import { groups } from '../shared/messages/groups'
import { containerNameFor, isRunning, removeVolume } from './broker/docker-container'
import { ownerOf } from './broker/node-identity'
import { brokerObjectsOf } from './reset/broker-objects'
import { consentOf } from './reset/consent'
import { openBroker } from './reset/open-broker'
import { resetBroker, type Consent } from './reset/reset-broker'
import { maySpoolGo } from './reset/spooled'
import { readSystemSettings } from './system/settings'
import { askOnTerminal } from './terminal/ask'
import { exitWith } from './terminal/exit-with'
import { sayTo } from './terminal/say'

const say = sayTo(process.stdout)

exitWith(async () => {
  const owner = await ownerOf('.handoff/broker')
  if (owner !== undefined) throw new Error(`process ${owner} still uses .handoff/ (npm start?); stop it first`)
  const container = containerNameFor('.handoff/broker')
  if (await isRunning(container))
    throw new Error(`the broker in the container ${container} still runs (npm start?); stop it first`)
  const settings = readSystemSettings()
  const consent = consentOf(process.argv, settings.NAMESPACE)
  const ask = consent === 'granted' ? consent : (askOnTerminal() ?? 'nobody')
  const agreement: Consent = { ask, say, namespace: settings.NAMESPACE }
  // One that lies elsewhere is not deleted.
  const spool = resolve(settings.SPOOL_PATH)
  if (spool.startsWith(resolve('.handoff') + sep) && !(await maySpoolGo(settings.SPOOL_PATH, agreement))) return 1
  const broker = await openBroker(settings)
  try {
    const objects = brokerObjectsOf(settings.NAMESPACE, groups)
    if (broker !== undefined && (await resetBroker(broker, objects, agreement)) === 'kept') return 1
  } finally {
    await broker?.connection.close()
  }
  await rm('.handoff', { recursive: true, force: true })
  say('removed .handoff/')
  if (await removeVolume(container)) say(`removed the Docker volume ${container}`)
  return 0
})
