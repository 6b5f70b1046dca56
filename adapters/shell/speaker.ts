/** Who is talking at the terminal, and where. */
export type Speaker = {
  readonly user: string
  readonly channel: string
  readonly direct: boolean
}

/** What a line that was typed means. */
export type Line =
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'become'; readonly speaker: Speaker; readonly said: string }
  | { readonly kind: 'tell'; readonly text: string }
  | { readonly kind: 'quit' }
  | { readonly kind: 'nothing' }

const usage = `/user NAME      talk as NAME
/channel NAME   talk in the channel NAME
/dm             talk to the bot alone; /channel goes back
/quit           end (so does Ctrl-D)
Everything else is said in chat.`

/** Reads one line: a `/command` of the terminal, or something said in chat. */
export const readLine = (line: string, speaker: Speaker): Line => {
  if (line.trim() === '') return { kind: 'nothing' }
  const [, command, argument = ''] = /^\/(user|channel|dm|quit|help)(?:\s+(\S+))?\s*$/.exec(line) ??
    []
  switch (command) {
    case 'user':
      if (argument === '') return { kind: 'tell', text: 'Who? Type /user NAME.' }
      return become({ ...speaker, user: argument })
    case 'channel':
      if (argument === '' && !speaker.direct) {
        return { kind: 'tell', text: 'Which one? Type /channel NAME.' }
      }
      return become({ ...speaker, channel: argument || speaker.channel, direct: false })
    case 'dm':
      return become({ ...speaker, direct: true })
    case 'quit':
      return { kind: 'quit' }
    case 'help':
      return { kind: 'tell', text: usage }
    default:
      return { kind: 'say', text: line }
  }
}

const become = (speaker: Speaker): Line => ({
  kind: 'become',
  speaker,
  said: speaker.direct
    ? `You are ${speaker.user}, alone with the bot.`
    : `You are ${speaker.user} in ${speaker.channel}.`,
})
