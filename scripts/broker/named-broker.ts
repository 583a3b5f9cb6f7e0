import { tryLogin } from './amqp-login'
import type { FoundBroker, Search } from './found-broker'

const names = ['BROKER_URL', 'AMQP_URL', 'RABBITMQ_URL', 'CLOUDAMQP_URL']

/**
 * The broker that the environment names, or undefined where it names none. Whoever names a broker means that one: it
 * rejects when none of the hosts answers. Only plain AMQP is tried; TLS needs the services' certificates.
 */
export async function namedBroker({ env, say }: Search): Promise<FoundBroker | undefined> {
  const name = names.find((candidate) => (env[candidate] ?? '') !== '')
  const value = name === undefined ? undefined : env[name]
  if (name === undefined || value === undefined) return undefined
  const hosts = value.split(',').map((url) => url.trim())
  const broker = (how: string) => ({ url: value, how: `${how}, named by ${name}`, stop: async () => {} })
  if (!hosts.every((url) => url.startsWith('amqp://'))) return broker('a broker that was not tried')
  const refusals: string[] = []
  for (const url of hosts) {
    const result = await tryLogin(url, 10_000)
    if (result.ok) return broker(`RabbitMQ ${result.version} on ${placeOf(url)}`)
    refusals.push(`${placeOf(url)}: ${result.why}`)
    say(`no login at ${placeOf(url)}: ${result.why}`)
  }
  throw new Error(
    `the broker that ${name} names cannot be used (${refusals.join('; ')}); start it, correct or unset ${name}`,
  )
}

// Never the URL itself: it may hold a password.
function placeOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'an unreadable URL'
}
