/** amqps: the server must prove its name, we prove ours, and there is no way back to plain text. */
import { readFileSync } from 'node:fs'
import { connect, type AddressInfo } from 'node:net'
import { createServer } from 'node:tls'
import { useBroker } from '../support/broker'
import { makeAuthority, type Authority, type KeyPair } from '../support/certificates'
import { commandExists } from '../support/command-exists'
import { atEnd } from '../support/ends'
import { eventually } from '../support/eventually'
import { noTls, openRabbitmq } from './open-rabbitmq'
import { envelopeOf, freshGroups, listen } from './transport-fixtures'

const broker = useBroker()
const withOpenssl = commandExists('openssl') ? describe : describe.skip

/** A TLS door that asks for a certificate of the authority's, before the broker's plain port. */
async function tlsDoor(authority: Authority, { cert, key }: KeyPair): Promise<string> {
  const target = new URL(broker.url)
  const server = createServer({
    cert: readFileSync(cert),
    key: readFileSync(key),
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
  return `amqps://127.0.0.1:${(server.address() as AddressInfo).port}${target.pathname}`
}

withOpenssl('over TLS', () => {
  test('with the authority, the certificate and the key, messages flow', async () => {
    const authority = makeAuthority()
    const url = await tlsDoor(authority, authority.sign('127.0.0.1'))
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
    ['no certificate of ours', '127.0.0.1', 'none', /certificate required|alert|closed|ECONNRESET|EPIPE/i],
  ])('%s is refused', async (_, serverName, client, reason) => {
    const authority = makeAuthority()
    const url = await tlsDoor(authority, authority.sign(serverName))
    const { cert, key } = authority.sign('client')
    const own = { caFile: authority.caFile, certFile: cert, keyFile: key }
    const foreign = { ...own, caFile: makeAuthority().caFile }
    const tls = { own, foreign, none: { ...noTls, caFile: authority.caFile } }[client as 'own' | 'foreign' | 'none']
    const { transport } = await openRabbitmq(url, freshGroups().all, { tls })
    expect(transport.status().publishing.ok).toBe(false)
    expect(transport.status().links[0]?.state).not.toBe('ready')
    await eventually('the reason is told', () => reason.test(transport.status().links[0]?.detail ?? ''))
  })

  test('a certificate file that cannot be read is named', async () => {
    const tls = { ...noTls, caFile: '/nowhere/ca.pem' }
    const { transport } = await openRabbitmq('amqps://127.0.0.1:1', freshGroups().all, { tls })
    await eventually('the file is named', () => transport.status().links[0]?.detail.includes('/nowhere/ca.pem'))
  })
})
