import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Whether a port of this host is free. */
const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })

/** Linux gives ports from here on to whoever asks for any (ip_local_port_range), also to each connection that goes out. */
const givenAway = 32_768
const lowest = 10_000

/** A port that was free a moment ago, for servers that cannot choose one themselves; nobody gets it by chance. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = randomInt(lowest, givenAway)
    if (await isFree(port)) return port
  }
}

/** Whether something takes connections at a port of this host. */
export const takesConnections = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

/** A server's program that is running. */
export type Child = AsyncDisposable & { readonly port: number }

/**
 * Runs a server's program from the host, with these files in a folder of its own, and settles when its port takes
 * connections. Rejects with what it printed when it ends before that.
 */
export const startChild = async (
  name: string,
  command: (folder: string, port: number) => readonly string[],
  files: (port: number) => Readonly<Record<string, string>> = () => ({}),
): Promise<Child> => {
  const folder = mkdtempSync(join(tmpdir(), `st2chatops-${name}-`))
  const port = await freePort()
  for (const [file, text] of Object.entries(files(port))) writeFileSync(join(folder, file), text)
  const child = Bun.spawn([...command(folder, port)], { stdout: 'ignore', stderr: 'pipe' })
  while (!await takesConnections(port)) {
    if (child.exitCode !== null) {
      throw new Error(`${name} did not start: ${await new Response(child.stderr).text()}`)
    }
    await Bun.sleep(20)
  }
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      child.kill()
      await child.exited
      rmSync(folder, { recursive: true })
    },
  }
}
