import { type Child, startChild } from './child.ts'

const programs = { tinyproxy: Bun.which('tinyproxy'), microsocks: Bun.which('microsocks') }

/** Whether these are on this machine: `test.skipIf(!haveTinyproxy)`. */
export const haveTinyproxy: boolean = programs.tinyproxy !== null
export const haveMicrosocks: boolean = programs.microsocks !== null

/** Whom both proxies let through. */
export const proxyUser = { user: 'bot', password: 's3cret' } as const

/** An HTTP proxy that asks for a password; it connects to every port. */
export const startTinyproxy = (): Promise<Child> =>
  startChild(
    'tinyproxy',
    (folder) => [programs.tinyproxy ?? '', '-d', '-c', `${folder}/tinyproxy.conf`],
    (port) => ({
      // No `Allow` and no `ConnectPort`: from everywhere, to every port.
      'tinyproxy.conf':
        `Port ${port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 10\nBasicAuth ${proxyUser.user} ${proxyUser.password}\n`,
    }),
  )

/** A SOCKS5 proxy that asks for a password. */
export const startMicrosocks = (): Promise<Child> =>
  startChild('microsocks', (_, port) => [
    programs.microsocks ?? '',
    ...['-i', '127.0.0.1', '-p', String(port)],
    ...['-u', proxyUser.user, '-P', proxyUser.password],
  ])
