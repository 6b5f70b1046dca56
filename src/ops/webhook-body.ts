import { URLSearchParams } from 'node:url'

/** The body cannot be read as an announcement; the message tells the sender how to write it. */
export class WebhookBodyError extends Error {
  override readonly name = 'WebhookBodyError'
}

const parseJson = (text: string, where: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new WebhookBodyError(
      `${where} is not JSON. Send an object such as {"channel": "general", "message": "Hello"}.`,
      { cause },
    )
  }
}

/**
 * The announcement in a body, in each form that Hubot's route took: JSON itself, JSON with the document as text
 * under `payload`, a form whose field `payload` holds JSON, and a form whose fields are the announcement.
 * Throws `WebhookBodyError`.
 */
export const readWebhookBody = (body: string, contentType: string | undefined): unknown => {
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType ?? '')) {
    const form = new URLSearchParams(body)
    const payload = form.get('payload')
    if (payload !== null) return parseJson(payload, 'The form field "payload"')
    // curl -d '{"channel": ...}' sends JSON under a form's name.
    if (body.trimStart().startsWith('{')) return parseJson(body, 'The body')
    return Object.fromEntries(form)
  }
  const document = parseJson(body, 'The body')
  const payload = (document as { payload?: unknown } | null)?.payload
  return typeof payload === 'string' ? parseJson(payload, '"payload"') : document
}
