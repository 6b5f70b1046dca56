import { dlopen, ptr } from 'bun:ffi'

// sys/socket.h on Linux.
const AF_UNIX = 1
const SOCK_DGRAM = 2
const SOCK_CLOEXEC = 0o2000000
const MSG_DONTWAIT = 0x40
const MSG_NOSIGNAL = 0x4000

/** sockaddr_un is the family and 108 bytes of path. */
const longestPath = 108

/** glibc, then musl: the name carries the processor there. */
const libraries = [
  'libc.so.6',
  `libc.musl-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}.so.1`,
]

const openLibc = () => {
  for (const name of libraries) {
    try {
      return dlopen(name, {
        socket: { args: ['i32', 'i32', 'i32'], returns: 'i32' },
        sendto: { args: ['i32', 'ptr', 'u64', 'i32', 'ptr', 'u32'], returns: 'i64' },
        close: { args: ['i32'], returns: 'i32' },
      })
    } catch {
      // Not this C library, or native calls are forbidden here.
    }
  }
  return undefined
}

/** The address as the kernel wants it; a leading `@` means the abstract namespace (sd_notify(3)). */
const addressOf = (path: string): Uint8Array | undefined => {
  const name = new TextEncoder().encode(path)
  if (name.length === 0 || name.length >= longestPath) return undefined
  const address = new Uint8Array(2 + name.length)
  new DataView(address.buffer).setUint16(0, AF_UNIX, true)
  address.set(name, 2)
  if (path.startsWith('@')) address[2] = 0
  return address
}

/**
 * Sends one datagram to a Unix socket, which neither Bun nor Node can do by themselves. It does not wait.
 * False if the host does not let us, or nobody listens.
 */
export const sendDatagram = (path: string, message: string): boolean => {
  const address = addressOf(path)
  const library = address === undefined ? undefined : openLibc()
  if (address === undefined || library === undefined) return false
  const { socket, sendto, close } = library.symbols
  const descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)
  try {
    if (descriptor < 0) return false
    const bytes = new TextEncoder().encode(message)
    const sent = sendto(
      descriptor,
      ptr(bytes),
      BigInt(bytes.length),
      MSG_DONTWAIT | MSG_NOSIGNAL,
      ptr(address),
      address.length,
    )
    return Number(sent) === bytes.length
  } finally {
    if (descriptor >= 0) close(descriptor)
    library.close()
  }
}
