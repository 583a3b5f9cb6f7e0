/** amqps: the server must prove its name, we prove ours, and there is no way back to plain text. */
import { copyFileSync, readFileSync } from 'node:fs'
import { connect, type AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:tls'
import { useBroker } from '../support/broker'
import { makeAuthority, type Authority, type KeyPair } from '../support/certificates'
import { commandExists } from '../support/command-exists'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { noTls, openRabbitmq } from './open-rabbitmq'
import { envelopeOf, freshGroups, listen } from './transport-fixtures'

const broker = useBroker()
// The broker's refusal comes when the handshake is over for us: as an alert, or as the end of the connection.
const ourAlert = /certificate required|alert|closed|ECONNRESET|EPIPE/i
const withOpenssl = commandExists('openssl') ? describe : describe.skip

interface TlsDoor {
  readonly url: string
  /** Shows this certificate to whoever comes from now on. */
  renew(pair: KeyPair): void
}

const shown = ({ cert, key }: KeyPair) => ({ cert: readFileSync(cert), key: readFileSync(key) })

/** A TLS door that asks for a certificate of the authority's, before the broker's plain port. */
async function tlsDoor(authority: Authority, pair: KeyPair): Promise<TlsDoor> {
  const target = new URL(broker.url)
  const server: Server = createServer({
    ...shown(pair),
    ca: readFileSync(authority.caFile),
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
  })
  server.on('tlsClientError', () => {})
  server.on('secureConnection', (secure) => {
    const plain = connect(Number(target.port), target.hostname)
    for (const socket of [secure, plain]) socket.on('error', () => {})
    secure.pipe(plain).pipe(secure)
    atEnd(() => void secure.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  atEnd(() => void server.close())
  return {
    url: `amqps://127.0.0.1:${(server.address() as AddressInfo).port}${target.pathname}`,
    renew: (renewed) => server.setSecureContext({ ...shown(renewed), ca: readFileSync(authority.caFile) }),
  }
}

withOpenssl('over TLS', () => {
  test('with the authority, the certificate and the key, messages flow', async () => {
    const authority = makeAuthority()
    const { url } = await tlsDoor(authority, authority.sign('127.0.0.1'))
    const { cert, key } = authority.sign('client')
    const groups = freshGroups()
    const tls = { caFile: authority.caFile, certFile: cert, keyFile: key }
    const { transport } = await openRabbitmq(url, groups.all, { tls })
    const ledger = await listen(transport, groups.ledger)
    const envelope = envelopeOf(groups.event.type)
    expect(await transport.publish(envelope, { kind: 'event' })).toMatchObject({ outcome: 'confirmed' })
    await eventually('it has arrived', () => ledger.arrived(envelope.id).length === 1)
  })

  test.each([
    ['a server of an unknown authority', '127.0.0.1', 'foreign', /self-signed|unable to (get|verify)/],
    ['a server of another name', 'elsewhere.example', 'own', /does not match certificate/],
    ['no certificate of ours', '127.0.0.1', 'none', ourAlert],
  ])('%s is refused', async (_, serverName, client, reason) => {
    const authority = makeAuthority()
    const { url } = await tlsDoor(authority, authority.sign(serverName))
    const { cert, key } = authority.sign('client')
    const own = { caFile: authority.caFile, certFile: cert, keyFile: key }
    const foreign = { ...own, caFile: makeAuthority().caFile }
    const tls = { own, foreign, none: { ...noTls, caFile: authority.caFile } }[client as 'own' | 'foreign' | 'none']
    const { transport } = await openRabbitmq(url, freshGroups().all, { tls })
    expect(transport.status().publishing.ok).toBe(false)
    expect(transport.status().links[0]?.state).not.toBe('ready')
    await eventually('the reason is told', () => reason.test(transport.status().links[0]?.detail ?? ''))
  })

  test.each([
    ['that has expired', { fromDays: -3, toDays: -2 }, /certificate has expired/],
    ['that is not valid yet', { fromDays: 2, toDays: 3 }, /certificate is not yet valid/],
  ])('a server with a certificate %s is refused, and used once it has a good one', async (_, validity, reason) => {
    const authority = makeAuthority()
    const door = await tlsDoor(authority, authority.sign('127.0.0.1', validity))
    const { cert, key } = authority.sign('client')
    const tls = { caFile: authority.caFile, certFile: cert, keyFile: key }
    const groups = freshGroups()
    const { transport } = await openRabbitmq(door.url, groups.all, { tls })
    await eventually('the reason is told', () => reason.test(transport.status().links[0]?.detail ?? ''))
    expect(await transport.publish(envelopeOf(groups.command.type), { kind: 'command' })).toMatchObject({
      outcome: 'not_accepted',
    })
    door.renew(authority.sign('127.0.0.1'))
    await eventually('it is connected', () => transport.status().publishing.ok)
    expect(await transport.publish(envelopeOf(groups.command.type), { kind: 'command' })).toMatchObject({
      outcome: 'confirmed',
    })
  })

  test('a certificate of ours that has expired is refused; a renewed one is read without a restart', async () => {
    const authority = makeAuthority()
    const { url } = await tlsDoor(authority, authority.sign('127.0.0.1'))
    const { cert, key } = authority.sign('client', { fromDays: -3, toDays: -2 })
    const tls = { caFile: authority.caFile, certFile: cert, keyFile: key }
    const { transport } = await openRabbitmq(url, freshGroups().all, { tls })
    await eventually('the reason is told', () => ourAlert.test(transport.status().links[0]?.detail ?? ''))
    expect(transport.status().publishing.ok).toBe(false)
    const renewed = authority.sign('client')
    copyFileSync(renewed.key, key)
    copyFileSync(renewed.cert, cert)
    await eventually('it is connected', () => transport.status().publishing.ok)
  })

  test('a certificate file that cannot be read is named', async () => {
    const tls = { ...noTls, caFile: '/nowhere/ca.pem' }
    const { transport } = await openRabbitmq('amqps://127.0.0.1:1', freshGroups().all, { tls })
    await eventually('the file is named', () => transport.status().links[0]?.detail.includes('/nowhere/ca.pem'))
  })
})
