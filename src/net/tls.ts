import { getCACertificates } from 'node:tls'

/** Whom to trust at the other end of TLS. */
export type TlsTrust = {
  /** `false` accepts any certificate. Only for whom the operator has asked for it. */
  readonly rejectUnauthorized?: boolean | undefined
  /** PEM of certificates to trust beside the usual ones. */
  readonly ca?: string | undefined
}

/** As Bun's fetch and WebSocket take it: there `ca` replaces the usual certificates, and the environment fills in what is left out. */
export const bunTls = ({ rejectUnauthorized = true, ca }: TlsTrust) => ({
  rejectUnauthorized,
  ...(ca !== undefined && { ca: [ca, ...getCACertificates('default')] }),
})
