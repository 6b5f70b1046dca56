import { createParser } from 'eventsource-parser'
import { longestAnswer } from './answers.ts'

/** One event of the stream; the data is JSON that has been read. */
export type Frame = { readonly name: string; readonly data: unknown }

export type FrameHandlers = {
  readonly onFrame: (frame: Frame) => void
  /** The data of an event was no JSON; `excerpt` is how it begins. */
  readonly onMalformed: (name: string, excerpt: string) => void
}

/** Takes the stream's bytes in the pieces in which they come; characters may be cut anywhere. */
export type FrameReader = {
  /** Throws when one event is larger than any event can be. */
  readonly feed: (bytes: Uint8Array) => void
  /** Something came that is more than nginx's stand-in for a stream that is down. */
  readonly alive: () => boolean
}

/** Enough to find the sender by, too little to fill the log. */
const excerptLength = 80

/** What nginx answers, with 200, while st2stream is down: `retry: 1000` and an empty line. */
const standIn = /^retry: ?\d{0,10}\r?\n?\r?\n?$/

/** StackStorm's own first byte is a line break, sent at once. */
const createLiveness = () => {
  let head = ''
  let alive = false
  return {
    feed: (text: string) => {
      if (alive || text === '') return
      head += text
      alive = !'retry:'.startsWith(head) && !standIn.test(head)
    },
    alive: () => alive,
  }
}

/** A reader at the beginning of a stream. Time is linear in the bytes, however they are cut. */
export const createFrameReader = ({ onFrame, onMalformed }: FrameHandlers): FrameReader => {
  const decoder = new TextDecoder()
  const liveness = createLiveness()
  const parser = createParser({
    maxBufferSize: longestAnswer,
    onEvent: ({ event: name = 'message', data }) => {
      let document: unknown
      try {
        document = JSON.parse(data)
      } catch {
        return onMalformed(name, data.slice(0, excerptLength))
      }
      onFrame({ name, data: document })
    },
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') throw error
    },
  })
  return {
    feed: (bytes) => {
      const text = decoder.decode(bytes, { stream: true })
      liveness.feed(text)
      parser.feed(text)
    },
    alive: liveness.alive,
  }
}
