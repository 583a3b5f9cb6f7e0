import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atEnd } from './ends'

export interface KeyPair {
  readonly cert: string
  readonly key: string
}

/** Days from now, negative for the past. */
export interface Validity {
  readonly fromDays: number
  readonly toDays: number
}

/** An authority of its own, with files of what it has signed; all gone at the end of the test or file. */
export interface Authority {
  readonly caFile: string
  /** Signs a certificate for a host name or IP address, valid today unless told otherwise; answers with its files. */
  sign(host: string, validity?: Validity): KeyPair
}

const today: Validity = { fromDays: -1, toDays: 1 }
const ledgerOfCertificates = `
[ca]
default_ca = test
[test]
database = index.txt
serial = serial.txt
unique_subject = no
new_certs_dir = .
default_md = sha256
policy = any
[any]
commonName = supplied
`

export function makeAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-certificates-'))
  atEnd(() => rmSync(folder, { recursive: true, force: true }))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=test authority', '-days', '1')
  writeFileSync(join(folder, 'ca.cnf'), ledgerOfCertificates)
  writeFileSync(join(folder, 'index.txt'), '')
  writeFileSync(join(folder, 'serial.txt'), '01\n')
  return {
    caFile: join(folder, 'ca.crt'),
    sign: (host, { fromDays, toDays } = today) => {
      const name = `${host}-from${fromDays}`
      const [key, request, cert] = [`${name}.key`, `${name}.csr`, `${name}.crt`]
      openssl('req', ...newKey, '-keyout', key, '-out', request, '-subj', `/CN=${host}`)
      const kind = /^[\d.]+$/.test(host) ? 'IP' : 'DNS'
      writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${kind}:${host}`)
      const authority = ['-config', 'ca.cnf', '-cert', 'ca.crt', '-keyfile', 'ca.key', '-batch']
      // The command that signs requests otherwise, x509, cannot date a certificate from tomorrow.
      const dates = ['-startdate', asDate(fromDays), '-enddate', asDate(toDays)]
      openssl('ca', ...authority, ...dates, '-in', request, '-extfile', `${name}.ext`, '-notext', '-out', cert)
      return { cert: join(folder, cert), key: join(folder, key) }
    },
  }
}

/** As openssl writes it: `20260101120000Z`. */
function asDate(daysFromNow: number): string {
  const date = new Date(Date.now() + daysFromNow * 86_400_000)
  return date.toISOString().replace(/[-:T]|\.\d+/g, '')
}
