import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atEnd } from './ends'

export interface KeyPair {
  readonly cert: string
  readonly key: string
}

/** An authority of its own, with files of what it has signed; all gone at the end of the test or file. */
export interface Authority {
  readonly caFile: string
  /** Signs a certificate for a host name or IP address; answers with its files. */
  sign(host: string): KeyPair
}

export function makeAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-certificates-'))
  atEnd(() => rmSync(folder, { recursive: true, force: true }))
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=test authority', '-days', '1')
  return {
    caFile: join(folder, 'ca.crt'),
    sign: (host) => {
      const [key, request, cert] = [`${host}.key`, `${host}.csr`, `${host}.crt`]
      openssl('req', ...newKey, '-keyout', key, '-out', request, '-subj', `/CN=${host}`)
      const kind = /^[\d.]+$/.test(host) ? 'IP' : 'DNS'
      writeFileSync(join(folder, `${host}.ext`), `subjectAltName=${kind}:${host}`)
      const authority = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '1']
      openssl('x509', '-req', '-in', request, ...authority, '-extfile', `${host}.ext`, '-out', cert)
      return { cert: join(folder, cert), key: join(folder, key) }
    },
  }
}
