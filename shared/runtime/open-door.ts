import { BlockList, isIP } from 'node:net'
import { SettingsError } from './settings-error'

export interface DoorSettings {
  readonly HOST: string
  readonly API_KEYS?: string
  readonly ALLOW_ANONYMOUS: boolean
}

const makeKey =
  `node -e "const c = require('node:crypto'), k = c.randomBytes(32).toString('hex'); ` +
  `console.log('key: ' + k + '  API_KEYS=me:' + c.createHash('sha256').update(k).digest('hex'))"`

/** Throws a SettingsError when others than this machine could send and nobody said that they may. */
export function refuseOpenDoor({ HOST, API_KEYS, ALLOW_ANONYMOUS }: DoorSettings): void {
  if (isLoopback(HOST) || API_KEYS !== undefined || ALLOW_ANONYMOUS) return
  throw new SettingsError([
    `HOST is "${HOST}", which other machines can reach, and API_KEYS is not set; make a key and its setting with ${makeKey}, ` +
      'or say ALLOW_ANONYMOUS=true to let anyone send, or set HOST=127.0.0.1',
  ])
}

/** Throws a SettingsError when others than this machine could make faults happen. */
export function refuseFaultsInReach({ HOST, FAULTS }: { readonly HOST: string; readonly FAULTS: 'off' | 'on' }): void {
  if (FAULTS === 'off' || isLoopback(HOST)) return
  throw new SettingsError([
    `FAULTS is on and HOST is "${HOST}", which other machines can reach; set HOST=127.0.0.1 or FAULTS=off`,
  ])
}

export interface ConsoleDoorSettings {
  readonly HOST: string
  readonly CONSOLE_API_KEYS?: string
  readonly CONSOLE_READ_KEYS?: string
  readonly CONSOLE_ALLOW_ANONYMOUS: boolean
}

/**
 * Where the console listens: on this machine alone, unless it has keys or somebody said that it needs none. HOST is
 * meant for all services, and who opens the producer has not thought of those who would read and discard dead letters.
 */
export function consoleHost(settings: ConsoleDoorSettings): string {
  const { HOST, CONSOLE_API_KEYS, CONSOLE_READ_KEYS, CONSOLE_ALLOW_ANONYMOUS } = settings
  const hasKeys = CONSOLE_API_KEYS !== undefined || CONSOLE_READ_KEYS !== undefined
  return isLoopback(HOST) || hasKeys || CONSOLE_ALLOW_ANONYMOUS ? HOST : '127.0.0.1'
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Whether an address to listen on can be reached from this machine alone. */
export function isLoopback(host: string): boolean {
  const family = isIP(host)
  return family === 0 ? host === 'localhost' : loopback.check(host, family === 4 ? 'ipv4' : 'ipv6')
}
