import { readFileSync } from 'node:fs'
import { connect, type ChannelModel } from 'amqplib'
import { tryLogin } from '../broker/amqp-login'
import type { SystemSettings } from '../system/settings'

const localUrl = 'amqp://guest:guest@127.0.0.1:5672'
const answerMs = 5_000

export interface OpenBroker {
  readonly connection: ChannelModel
  /** Host and port, without a password. */
  readonly place: string
}

/**
 * A connection to the broker that the settings name, or else to the one on this machine's usual port; undefined where
 * there is none. Rejects when a named one cannot be reached: then nobody can say what is left there.
 */
export async function openBroker(settings: SystemSettings): Promise<OpenBroker | undefined> {
  const named = settings.BROKER_URL?.split(',').map((url) => url.trim())
  if (named === undefined) return (await tryLogin(localUrl, answerMs)).ok ? open(localUrl, settings) : undefined
  const refusals: unknown[] = []
  for (const url of named) {
    try {
      return await open(url, settings)
    } catch (error) {
      refusals.push(error)
    }
  }
  throw new AggregateError(
    refusals,
    'the broker that BROKER_URL names cannot be reached; start it, or unset BROKER_URL',
  )
}

async function open(url: string, settings: SystemSettings): Promise<OpenBroker> {
  const read = (path: string | undefined) => (path === undefined ? undefined : readFileSync(path))
  const connection = await connect(url, {
    timeout: answerMs,
    ca: read(settings.BROKER_CA_FILE),
    cert: read(settings.BROKER_CERT_FILE),
    key: read(settings.BROKER_KEY_FILE),
  })
  connection.on('error', () => undefined)
  return { connection, place: new URL(url).host }
}
