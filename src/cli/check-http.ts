import { explainListening } from '../ops/server.ts'
import { type Finding, ok, warn } from './check-finding.ts'

/** ms that whoever listens there has to say who it is. */
const patience = 1_000

/** Whether what listens there answers as a bot does: most likely it is this one, which runs already. */
const isBot = async (hostname: string, port: number): Promise<boolean> => {
  const host = hostname.includes(':') ? `[${hostname}]` : hostname
  try {
    const signal = AbortSignal.timeout(patience)
    const response = await fetch(`http://${host}:${port}/healthz`, { signal, redirect: 'manual' })
    return await response.text() === '{"status":"ok"}'
  } catch {
    return false
  }
}

/** Whether the bot can listen where it shall; it works without HTTP too, so that this is never a failure. */
export const checkHttp = async (hostname: string, port: number): Promise<Finding> => {
  const place = `${hostname} port ${port}`
  try {
    await Bun.serve({ hostname, port, fetch: () => new Response() }).stop(true)
    return ok('HTTP', `${place} is free`)
  } catch (cause) {
    if (await isBot(hostname, port)) return ok('HTTP', `a bot answers at ${place} already`)
    const error = cause instanceof Error ? cause : new Error(String(cause))
    const [what = '', ...fix] = explainListening(error, hostname, port).split(/(?<=\.) /)
    return warn('HTTP', what, fix.join(' '))
  }
}
