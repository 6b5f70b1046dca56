import { createInterface, type Interface } from 'node:readline'
import type { AdapterContext, AdapterDefinition, Connection } from '../../src/chat/adapter.ts'
import { Undeliverable } from '../../src/chat/adapter.ts'
import type { OutgoingMessage } from '../../src/chat/message.ts'
import { plainText } from '../../src/chat/plain.ts'
import { completeLine } from './complete.ts'
import { printable, renderMarkdown } from './markdown.ts'
import { shellOptions } from './options.ts'
import { readLine, type Speaker } from './speaker.ts'

/** Where the terminal's words come from and go to. */
export type Terminal = {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean }
  /** Whether to show markdown with colours. */
  readonly colour: boolean
  /** Begin alone with the bot. */
  readonly direct?: boolean
}

type Shell = AdapterDefinition<typeof shellOptions>

/**
 * A terminal as chat: with prompt, history and completion where a person sits at it, line by line on a pipe.
 */
export const createShell = (terminal: Terminal): Shell => ({
  name: 'shell',
  aliases: [],
  title: 'the terminal',
  options: shellOptions,
  // A terminal takes any length; the numbers only have to be larger than all others.
  limits: {
    textUnits: 16 * 1024 * 1024,
    unit: 'utf16',
    partsBeforeUpload: 1,
    perChannelPerSecond: 1_000_000,
  },
  features: {
    threads: false,
    ephemeral: true,
    private: true,
    attachments: false,
    files: false,
    edits: false,
    buttons: false,
  },
  connect: (context) => Promise.resolve(connect(terminal, context)),
})

const connect = (
  { input, output, colour, direct = false }: Terminal,
  context: AdapterContext<typeof shellOptions>,
): Connection => {
  const { options, clock, receive, end, commands } = context
  const interactive = input.isTTY === true && output.isTTY === true
  const since = clock.now()
  let lastTraffic = since
  let heard = 0
  let closed = false
  let speaker: Speaker = {
    user: options.HUBOT_SHELL_USER_NAME,
    channel: options.HUBOT_SHELL_ROOM,
    direct,
  }

  const lines: Interface = createInterface({
    input,
    ...(interactive && { output }),
    terminal: interactive,
    historySize: options.HUBOT_SHELL_HISTSIZE,
    completer: (line: string) => completeLine(line, commands()),
  })

  const prompt = (): void => {
    if (!interactive || closed) return
    lines.setPrompt(
      `${speaker.user} ${speaker.direct ? '(alone with the bot)' : `#${speaker.channel}`}> `,
    )
    lines.prompt(true)
  }

  /** Resolves when the terminal has taken the text; a closed pipe can never take it. */
  const print = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      if (interactive) output.write(wipe(lines.getCursorPos().rows))
      output.write(`${text}\n`, (error) => {
        prompt()
        if (error) reject(error)
        else resolve()
      })
    })

  const say = (text: string): void => {
    heard++
    lastTraffic = clock.now()
    const { user, channel, direct } = speaker
    const id = user === options.HUBOT_SHELL_USER_NAME ? options.HUBOT_SHELL_USER_ID : user
    void receive({
      id: `${since}-${heard}`,
      channel: direct ? user : channel,
      user: { id, name: user },
      text,
      direct,
      at: lastTraffic,
    })
  }

  lines.on('line', (typed) => {
    const line = readLine(typed, speaker)
    if (line.kind === 'say') say(line.text)
    else if (line.kind === 'quit') lines.close()
    else if (line.kind === 'tell') void print(line.text).catch(() => {})
    else if (line.kind === 'become') {
      speaker = line.speaker
      if (interactive) void print(line.said).catch(() => {})
    }
    prompt()
  })
  lines.on('SIGINT', () => lines.close())
  lines.on('close', () => {
    if (closed) return
    closed = true
    // What comes next, be it the prompt of the shell below, does not belong behind what was typed.
    if (interactive) output.write('\n')
    end(heard)
  })
  prompt()

  return {
    self: { id: 'shell', name: '', mentions: [] },
    send: async (message) => {
      const text = printable(dress(message, speaker))
      try {
        await print(colour ? renderMarkdown(text) : text)
      } catch (error) {
        throw new Undeliverable('Nobody reads the terminal any more.', {
          advice: 'Start st2chatops where its output is read.',
          cause: error,
        })
      }
      return {}
    },
    health: () => ({ state: 'connected', since, lastTraffic }),
    close: async () => {
      closed = true
      lines.close()
    },
  }
}

/** Takes what is being typed off the screen, from its first row on; the prompt puts it back. */
const wipe = (rowsAbove: number): string => `\r${rowsAbove > 0 ? `\x1b[${rowsAbove}A` : ''}\x1b[J`

/** Says where it was said and for whom alone, when that is not plain to see. */
const dress = (message: OutgoingMessage, speaker: Speaker): string => {
  const here = speaker.direct ? speaker.user : speaker.channel
  const place = message.channel === here ? '' : `[${message.channel}] `
  const whisper = message.whisper ? `(to ${message.user?.name ?? 'nobody'} alone) ` : ''
  return place + whisper + plainText(message)
}

/** The adapter on this process' own terminal. */
export const shell: Shell = createShell({
  get input() {
    return process.stdin
  },
  get output() {
    // A reader that has seen enough ends the program, and is no failure.
    return process.stdout.on('error', () => process.exit(0))
  },
  colour: Bun.enableANSIColors,
})
