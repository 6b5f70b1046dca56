import { readFileSync } from 'node:fs'

/**
 * A word that is another one after each start of this host. Where the system has none to give, every call counts as a
 * start: what may have been lost with the power is looked up then for nothing.
 */
export const bootId = (): string => {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return Bun.randomUUIDv7()
  }
}
