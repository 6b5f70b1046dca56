import { X509Certificate } from 'node:crypto'
import { checkServerIdentity, type DetailedPeerCertificate, type TLSSocket } from 'node:tls'

/** A chain that is longer is no chain that an authority would sign; the usual ones have two or three links. */
const longestChain = 10

/**
 * Whether the other end's certificate is good but for its age: for this host, and signed, link by link, by one of `trusted`
 * (PEM). TLS itself stops at "expired" and says no more, and an expired certificate is easily made by anybody.
 */
export const isGoodButExpired = (
  socket: TLSSocket,
  host: string,
  trusted: readonly string[],
): boolean => {
  if (`${socket.authorizationError}` !== 'CERT_HAS_EXPIRED') return false
  const peer = socket.getPeerCertificate(true)
  if (checkServerIdentity(host, peer) !== undefined) return false
  const roots = new Set(trusted.map((pem) => new X509Certificate(pem).fingerprint256))
  let link: DetailedPeerCertificate = peer
  for (let length = 0; length < longestChain; length++) {
    const certificate = new X509Certificate(link.raw)
    if (roots.has(certificate.fingerprint256)) return true
    const issuer = link.issuerCertificate && new X509Certificate(link.issuerCertificate.raw)
    if (!issuer?.ca || !certificate.checkIssued(issuer)) return false
    if (!certificate.verify(issuer.publicKey)) return false
    link = link.issuerCertificate
  }
  return false
}
