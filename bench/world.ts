import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChat } from './chat.ts'
import { buildOurs } from './ours/build.ts'
import type { World } from './session.ts'
import { startStandIn } from './standin.ts'

/** Compiles our bot and opens StackStorm and chat for it; `close` takes everything away. */
export const openWorld = async (): Promise<
  { readonly world: World; readonly close: () => Promise<void> }
> => {
  const folder = await mkdtemp(join(tmpdir(), 'st2chatops-bench-'))
  const executable = await buildOurs(folder)
  const standIn = startStandIn()
  const chat = startChat()
  return {
    world: { standIn, chat, executable, folder },
    close: async () => {
      chat.stop()
      await standIn.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
