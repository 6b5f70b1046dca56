import type { App, AppOptions } from './app.ts'

export type ServerOptions = AppOptions & {
  /** `EXPRESS_BIND_ADDRESS`; loopback unless somebody opens it. */
  readonly hostname?: string
  /** `EXPRESS_PORT`; 0 lets the host choose. */
  readonly port?: number
}

/** A server that listens, or why there is none: the bot works without HTTP too. */
export type ServerOutcome =
  | {
    readonly listening: true
    readonly url: string
    readonly port: number
    /** Takes nothing new, lets what is under way finish, and closes. */
    readonly stop: () => Promise<void>
  }
  | { readonly listening: false; readonly reason: string; readonly error: Error }

/** Requests here take milliseconds; whoever keeps a connection open longer waits in vain. */
const stopAfter = 1_000

/** Who sends nothing for so long is cut off; s. Bun's own number, but where it is not said Bun writes a line of its own about it. */
const idleTimeout = 10

/** Why nobody can listen at a place, and what to do about it. */
export const explainListening = (error: Error, hostname: string, port: number): string => {
  const place = `${hostname} port ${port}`
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE:
      `${place} is taken by another program, so there is no HTTP. Set EXPRESS_PORT to a free port, or end the other program (ss -ltnp shows it).`,
    EACCES:
      `${place} is not allowed to this user, so there is no HTTP. Set EXPRESS_PORT to a port above 1023.`,
    EADDRNOTAVAIL:
      `This host has no address ${hostname}, so there is no HTTP. Correct EXPRESS_BIND_ADDRESS.`,
  }
  const code = (error as { code?: unknown }).code
  const known = typeof code === 'string' && Object.hasOwn(reasons, code) ? reasons[code] : undefined
  return known ??
    `Cannot listen on ${place}, so there is no HTTP: ${error.message}. Check EXPRESS_BIND_ADDRESS and EXPRESS_PORT.`
}

/**
 * Starts HTTP. It does not throw when the address cannot be had: the caller logs `reason` and goes on.
 *
 * @example
 * const server = createServer({ hostname, port, readiness, metrics, announce, log })
 * if (server.listening) log.info('HTTP is up.', { url: server.url })
 * else log.error(server.reason)
 */
export const createServer = (
  { hostname = '127.0.0.1', port = 8081, ...options }: ServerOptions,
): ServerOutcome => {
  let app: Promise<App> | undefined
  // The routes and their library are loaded with the first request: a start is 4 ms shorter.
  const loadApp = (): Promise<App> =>
    app ??= import('./app.ts').then(({ createApp }) => createApp(options))
  try {
    const server = Bun.serve({
      hostname,
      port,
      idleTimeout,
      // The routes count the bytes themselves and answer in JSON; this only cuts what is absurd.
      maxRequestBodySize: 8 * 1024 * 1024,
      fetch: async (request, listener) => {
        const peer = listener.requestIP(request)?.address
        return (await loadApp()).fetch(request, { peer })
      },
      error: () => Response.json({ error: 'The request could not be read.' }, { status: 400 }),
    })
    const stop = async () => {
      const timer = setTimeout(() => server.stop(true), stopAfter)
      try {
        await server.stop()
      } finally {
        clearTimeout(timer)
      }
    }
    return { listening: true, url: server.url.origin, port: server.port ?? port, stop }
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause))
    return { listening: false, reason: explainListening(error, hostname, port), error }
  }
}
