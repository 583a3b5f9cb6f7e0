import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Options, SocketOptions } from 'amqplib'

/** Files with PEM texts; read again at each connect, so that a renewed certificate needs no restart. */
export interface TlsFiles {
  readonly caFile: string | undefined
  readonly certFile: string | undefined
  readonly keyFile: string | undefined
}

/** One host of the broker; `label` is safe to show, it holds no password. */
export interface Address {
  readonly label: string
  readonly username: string
  readonly connect: Options.Connect
}

const heartbeatSeconds = 10
const connectTimeoutMs = 5_000
const maxFrameBytes = 1_048_576

/** The hosts of a comma-separated list of `amqp://` or `amqps://` URLs. Throws a sentence that names the wrong one. */
export function parseAddresses(urls: string): readonly Address[] {
  const addresses = urls
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '')
    .map(parseAddress)
  if (addresses.length === 0) throw new Error('the broker URL is empty; use amqp://USER:PASSWORD@HOST:5672/VHOST')
  return addresses
}

/**
 * Socket options of one attempt to connect. The server's certificate is always checked; `serverName` is the name it
 * must bear. Throws when a file cannot be read.
 */
export function socketOptions(address: Address, name: string, tls: TlsFiles): SocketOptions {
  const secure = address.connect.protocol === 'amqps'
  return {
    timeout: connectTimeoutMs,
    noDelay: true,
    keepAlive: true,
    clientProperties: { connection_name: `handoff-${name}@${hostname()}` },
    ...(secure ? { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...certificates(tls) } : {}),
  }
}

function parseAddress(text: string): Address {
  const url = asUrl(text)
  const [protocol] = url.protocol.split(':') as [string]
  const port = Number(url.port) || (protocol === 'amqps' ? 5671 : 5672)
  const username = decodeURIComponent(url.username || 'guest')
  const password = decodeURIComponent(url.password || (url.username === '' ? 'guest' : ''))
  return {
    label: `${url.hostname}:${port}`,
    username,
    connect: {
      protocol,
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port,
      username,
      password,
      // amqplib decodes the vhost itself, so it stays percent-encoded here.
      vhost: url.pathname.length > 1 ? url.pathname.slice(1) : '/',
      heartbeat: heartbeatSeconds,
      maxFrameSize: maxFrameBytes,
    },
  }
}

function asUrl(text: string): URL {
  const shown = text.replace(/\/\/[^@/]*@/, '//…@')
  if (!URL.canParse(text)) throw new Error(`"${shown}" is not a URL; use amqp://USER:PASSWORD@HOST:5672/VHOST`)
  const url = new URL(text)
  if (url.protocol !== 'amqp:' && url.protocol !== 'amqps:')
    throw new Error(`broker URL "${shown}" has the scheme "${url.protocol}"; use amqp: or amqps:`)
  if (url.hostname === '') throw new Error(`broker URL "${shown}" names no host`)
  return url
}

function certificates({ caFile, certFile, keyFile }: TlsFiles) {
  return {
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }),
    ...(certFile === undefined ? {} : { cert: readFileSync(certFile) }),
    ...(keyFile === undefined ? {} : { key: readFileSync(keyFile) }),
  }
}
