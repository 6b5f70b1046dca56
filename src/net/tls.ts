/** Whom to trust at the other end of TLS. */
export type TlsTrust = {
  /** `false` accepts any certificate. Only for whom the operator has asked for it. */
  readonly rejectUnauthorized?: boolean | undefined
  /** PEM of certificates to trust beside the usual ones. */
  readonly ca?: string | undefined
}

/** The certificates to trust, as PEM: the given one beside the usual ones. */
export const trusted = (ca: string | undefined): string[] => [
  ...(ca === undefined ? [] : [ca]),
  // Loaded for those alone who bring a certificate: it costs a start 5 ms.
  ...process.getBuiltinModule('node:tls').getCACertificates('default'),
]

/** As Bun's fetch and WebSocket take it: there `ca` replaces the usual certificates, and the environment fills in what is left out. */
export const bunTls = ({ rejectUnauthorized = true, ca }: TlsTrust) => ({
  rejectUnauthorized,
  ...(ca !== undefined && { ca: trusted(ca) }),
})
