import { CannotSee } from '../broker-objects'
import type { Address } from './address'

/** One host of the management interface; `label` is safe to show, it holds no password. */
export interface ManagementAddress {
  readonly label: string
  /** Without a slash at its end, such as `https://broker:15671`. */
  readonly base: string
  readonly username: string
  readonly password: string
}

const usualPorts: Readonly<Record<string, { readonly amqp: number; readonly scheme: string; readonly port: number }>> =
  {
    amqp: { amqp: 5672, scheme: 'http', port: 15_672 },
    amqps: { amqp: 5671, scheme: 'https', port: 15_671 },
  }

/**
 * Where management answers: what the setting says, with the broker's user where it names none, or else on the usual port
 * of each host. Throws {@link CannotSee} when that is turned off or cannot be known.
 */
export function managementAddresses(
  broker: readonly Address[],
  given: string | undefined,
): readonly ManagementAddress[] {
  if (given?.trim() === 'off') throw new CannotSee('BROKER_MANAGEMENT_URL is off')
  if (given !== undefined) return given.split(',').map((url) => named(url.trim(), broker[0]))
  const derived = broker.flatMap(usual)
  if (derived.length > 0) return derived
  throw new CannotSee(
    'BROKER_URL names no usual port (5672, or 5671 with TLS), so that of management is not known; set BROKER_MANAGEMENT_URL',
  )
}

// From an unusual port nothing follows: management of another broker may well answer on 15672 of the same host.
function usual({ connect }: Address): readonly ManagementAddress[] {
  const { protocol = 'amqp', hostname = '', port, username = '', password = '' } = connect
  const ports = usualPorts[protocol]
  if (ports === undefined || ports.amqp !== port) return []
  const label = `${hostname.includes(':') ? `[${hostname}]` : hostname}:${ports.port}`
  return [{ label, base: `${ports.scheme}://${label}`, username, password }]
}

function named(text: string, broker: Address | undefined): ManagementAddress {
  const url = new URL(text)
  const own = url.username !== ''
  return {
    label: url.host,
    base: `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`,
    username: own ? decodeURIComponent(url.username) : (broker?.connect.username ?? ''),
    password: own ? decodeURIComponent(url.password) : (broker?.connect.password ?? ''),
  }
}
