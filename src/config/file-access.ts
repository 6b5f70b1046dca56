import { readFileSync } from 'node:fs'

/** Where the host names its groups. */
const groupFile = '/etc/group'

/** The name of a group, or its number where the host has no name for it; chgrp takes both. */
const groupName = (id: number): string => {
  try {
    const lines = readFileSync(groupFile, 'utf8').split('\n').map((line) => line.split(':'))
    return lines.find(([, , number]) => number === String(id))?.[0] || String(id)
  } catch {
    return String(id)
  }
}

/**
 * The commands after which the bot may read the file, and nobody else but its owner. The group is this process's own; root's is none that
 * would let the bot in.
 */
export const lettingIn = (
  path: string,
  { uid, gid }: { readonly uid?: number | undefined; readonly gid?: number | undefined } = {
    uid: process.getuid?.(),
    gid: process.getgid?.(),
  },
): string => {
  const isRoot = uid === undefined || gid === undefined || uid === 0 || gid === 0
  const group = isRoot ? "GROUP-OF-THE-BOT'S-USER" : groupName(gid)
  return `chgrp ${group} ${path} && chmod 640 ${path}`
}
