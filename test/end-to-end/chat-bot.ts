import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { demoPacks } from '../../src/sandbox/demo-pack.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { type RunningProgram, startProgram } from './process.ts'

/** A stand-in StackStorm and the compiled bot between it and a chat service's server. */
export type ChatBot = AsyncDisposable & {
  readonly sandbox: Sandbox
  readonly program: RunningProgram
  /** As a workflow or a rule posts a message. */
  readonly announce: (message: Readonly<Record<string, unknown>>) => Promise<void>
}

/** What a test of one service says of a bot: where its server is, and how it differs from the usual. */
export type ServerBotOptions = {
  readonly executable: string
  readonly port: number
  readonly variables?: Readonly<Record<string, string>>
}

/** Starts both, and the bot without input, as a service manager does. It is not waited for: it may never come up. */
export const startChatBot = async (
  { executable, variables }: {
    readonly executable: string
    readonly variables: Readonly<Record<string, string>>
  },
): Promise<ChatBot> => {
  const folder = mkdtempSync(join(tmpdir(), 'st2chatops-bot-'))
  const sandbox = await startSandbox({ packs: demoPacks, allowLocal: true })
  const program = startProgram([], {
    ST2_API_URL: sandbox.apiUrl,
    ST2_AUTH_URL: sandbox.authUrl,
    ST2_STREAM_URL: sandbox.streamUrl,
    ST2_API_KEY: sandbox.apiKey,
    ST2_WEBUI_URL: 'https://st2.example.com',
    ST2CHATOPS_STATE_DIR: folder,
    HUBOT_HTTPD: 'false',
    ...variables,
  }, { input: 'none', executable })
  return {
    sandbox,
    program,
    announce: async (parameters) => {
      const answer = await fetch(`${sandbox.apiUrl}/v1/executions`, {
        method: 'POST',
        headers: { 'St2-Api-Key': sandbox.apiKey, 'Content-Type': 'application/json' },
        body: JSON.stringify({ action: 'chatops.post_message', parameters }),
      })
      if (!answer.ok) throw new Error(`No announcement: ${await answer.text()}`)
    },
    [Symbol.asyncDispose]: async () => {
      program.signal('SIGKILL')
      await program.exited
      await sandbox.stop()
      rmSync(folder, { recursive: true })
    },
  }
}
