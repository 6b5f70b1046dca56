import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Certificate = { readonly cert: string; readonly key: string }

/** Whether certificates can be made on this machine: `test.skipIf(!haveOpenssl)`. */
export const haveOpenssl: boolean = Bun.which('openssl') !== null

/** A fresh self-signed certificate for these host names, such as stock StackStorm brings. */
export const selfSigned = (...hosts: readonly string[]): Certificate => {
  const folder = mkdtempSync(join(tmpdir(), 'st2chatops-certificate-'))
  const path = (name: string) => join(folder, name)
  const names = hosts.map((host) => /^[\d.]+$/.test(host) ? `IP:${host}` : `DNS:${host}`)
  try {
    const { exitCode, stderr } = Bun.spawnSync([
      'openssl',
      ...['req', '-x509', '-nodes', '-days', '1', '-subj', `/CN=${hosts[0]}`],
      ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
      ...['-addext', `subjectAltName=${names.join(',')}`],
      ...['-keyout', path('key.pem'), '-out', path('cert.pem')],
    ])
    if (exitCode !== 0) throw new Error(`openssl made no certificate: ${stderr}`)
    return {
      cert: readFileSync(path('cert.pem'), 'utf8'),
      key: readFileSync(path('key.pem'), 'utf8'),
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
