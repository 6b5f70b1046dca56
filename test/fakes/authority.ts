import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Certificate } from './certificate.ts'

/** A certificate authority of a test's own: `ca` is what to trust, `sign` makes a certificate for a host. */
export type Authority = Disposable & {
  readonly ca: string
  /** With negative `days` it has expired already; with `owner` it is signed by that certificate instead. */
  readonly sign: (host: string, options?: SignOptions) => Certificate
}

export type SignOptions = { readonly days?: number; readonly owner?: Certificate }

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** Needs openssl: see `haveOpenssl`. */
export const createAuthority = (name = 'Test authority'): Authority => {
  const folder = mkdtempSync(join(tmpdir(), 'st2chatops-authority-'))
  const path = (file: string) => join(folder, file)
  const openssl = (...args: readonly string[]): void => {
    const { exitCode, stderr } = Bun.spawnSync(['openssl', ...args])
    if (exitCode !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`)
  }
  const read = (file: string) => readFileSync(path(file), 'utf8')
  openssl(
    ...['req', '-x509', '-days', '1', '-subj', `/CN=${name}`, ...curve],
    ...['-keyout', path('ca.key'), '-out', path('ca.pem')],
  )
  return {
    ca: read('ca.pem'),
    sign: (host, { days = 1, owner } = {}) => {
      const issuer = owner ?? { cert: read('ca.pem'), key: read('ca.key') }
      writeFileSync(path('issuer.pem'), issuer.cert)
      writeFileSync(path('issuer.key'), issuer.key)
      writeFileSync(path('names.cnf'), `subjectAltName=DNS:${host}\nbasicConstraints=CA:FALSE\n`)
      const request = path('request.pem')
      openssl('req', ...curve, '-subj', `/CN=${host}`, '-keyout', path('key.pem'), '-out', request)
      openssl(
        ...['x509', '-req', '-in', request, '-days', String(days), '-CAcreateserial'],
        ...['-CA', path('issuer.pem'), '-CAkey', path('issuer.key')],
        ...['-extfile', path('names.cnf'), '-out', path('cert.pem')],
      )
      const chain = owner === undefined ? read('cert.pem') : read('cert.pem') + owner.cert
      return { cert: chain, key: read('key.pem') }
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
}
