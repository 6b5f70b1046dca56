import type { Command } from 'commander'
import type { DeadLettersOptions } from './deadletters.ts'
import type { Io } from './io.ts'
import type { Finish } from './program.ts'
import { envFileOption, packsOption } from './program-options.ts'

const askStackStorm = 'read aliases from this folder of packs instead of asking StackStorm'

const addConfigCommands = (program: Command, io: Io, finish: Finish): void => {
  program.command('check')
    .description('look at configuration, network and credentials, and say what to do')
    .option('--no-network', 'look at the configuration alone')
    .option('--strict', 'let warnings count as failures')
    .option('--json', 'as JSON')
    .addOption(envFileOption())
    .addHelpText('after', '\nExample:\n  st2chatops check --env-file ./st2chatops.env --no-network')
    .action(async (options) => finish(await (await import('./check.ts')).check(options, io)))

  const config = program.command('config')
    .description('look at the configuration')
    .addHelpText('after', '\nExample:\n  st2chatops config show')
  config.command('show')
    .description('each variable, its value (secrets masked), and where it came from')
    .option('--json', 'as an array of {name, value, source}')
    .addOption(envFileOption())
    .addHelpText('after', '\nExample:\n  st2chatops config show --json')
    .action(async (options) =>
      finish(await (await import('./config-show.ts')).configShow(options, io))
    )
}

const addAliasCommands = (program: Command, io: Io, finish: Finish): void => {
  program.command('parse')
    .description('show what a command would do, without doing it')
    .argument('[text]', 'the command, without the name of the bot')
    .option('--stdin', 'read lines {"format", "command"} and answer each with one line of JSON')
    .option('--json', 'as JSON')
    .addOption(packsOption(askStackStorm))
    .addOption(envFileOption())
    .addHelpText('after', '\nExample:\n  st2chatops parse "run date on localhost" --packs ./packs')
    .action(async (text, options) =>
      finish(await (await import('./parse.ts')).parse({ ...options, text }, io))
    )

  const aliases = program.command('aliases')
    .description('the action aliases: what people can say')
    .addHelpText('after', '\nExample:\n  st2chatops aliases search pack install')

  aliases.command('list')
    .description('every command that people can give')
    .option('--json', 'as JSON')
    .addOption(packsOption(askStackStorm))
    .addOption(envFileOption())
    .addHelpText('after', '\nExample:\n  st2chatops aliases list --packs ./packs')
    .action(async (options) =>
      finish(await (await import('./aliases.ts')).aliases({ ...options, what: 'list' }, io))
    )
  aliases.command('search')
    .description('commands that have these words in their text, description or pack')
    .argument('<words...>', 'what to look for')
    .option('--json', 'as JSON')
    .addOption(packsOption(askStackStorm))
    .addOption(envFileOption())
    .addHelpText('after', '\nExample:\n  st2chatops aliases search pack install')
    .action(async (words: readonly string[], options) =>
      finish(
        await (await import('./aliases.ts'))
          .aliases({ ...options, what: 'search', words: words.join(' ') }, io),
      )
    )
  aliases.command('lint')
    .description('what is wrong with the aliases, and what to write instead')
    .option('--json', 'as JSON')
    .addOption(packsOption(askStackStorm))
    .addOption(envFileOption())
    .addHelpText('after', '\nExample:\n  st2chatops aliases lint --packs ./packs')
    .action(async (options) =>
      finish(await (await import('./aliases.ts')).aliases({ ...options, what: 'lint' }, io))
    )
}

const addDeadLetterCommands = (program: Command, io: Io, finish: Finish): void => {
  const letters = program.command('deadletters')
    .description('the messages that could not be delivered, beside the running bot')
    .addHelpText('after', '\nExample:\n  st2chatops deadletters list')

  const act = async (options: DeadLettersOptions) =>
    finish(await (await import('./deadletters.ts')).deadletters(options, io))

  letters.command('list')
    .description('each with its place and the reason')
    .option('--json', 'as an array')
    .addOption(envFileOption())
    .addHelpText('after', '\nExample:\n  st2chatops deadletters list --json')
    .action((options) => act({ ...options, action: 'list' }))
  letters.command('show')
    .description('whole, with what to do about it')
    .argument('<numbers...>', 'the numbers of the letters, or "all"')
    .option('--json', 'each as one JSON object')
    .addOption(envFileOption())
    .addHelpText('after', '\nExample:\n  st2chatops deadletters show 17')
    .action((numbers, options) => act({ ...options, numbers, action: 'show' }))
  letters.command('retry')
    .description('put back; the running bot posts them within seconds')
    .argument('<numbers...>', 'the numbers of the letters, or "all"')
    .addOption(envFileOption())
    .addHelpText('after', '\nExample:\n  st2chatops deadletters retry all')
    .action((numbers, options) => act({ ...options, numbers, action: 'retry' }))
  letters.command('drop')
    .description('forget them')
    .argument('<numbers...>', 'the numbers of the letters, or "all"')
    .addOption(envFileOption())
    .addHelpText('after', '\nExample:\n  st2chatops deadletters drop 17 18')
    .action((numbers, options) => act({ ...options, numbers, action: 'drop' }))
}

const addSlackCommand = (program: Command, io: Io, finish: Finish): void => {
  program.command('slack-manifest')
    .description('print the manifest of a Slack app with what the bot needs')
    .option('--name <name>', 'what the bot is called in Slack', 'st2')
    .option('--events-url <url>', "where Slack reaches the bot's HTTP server, for the Events API")
    .addHelpText('after', '\nExample:\n  st2chatops slack-manifest > manifest.json')
    .action(async (options) =>
      finish(await (await import('./slack-manifest.ts')).slackManifest(options, io))
    )
}

/** Adds the commands that look and tell: `check`, `config`, `parse`, `aliases`, `deadletters`, `slack-manifest`. */
export const addToolCommands = (program: Command, io: Io, finish: Finish): void => {
  addConfigCommands(program, io, finish)
  addAliasCommands(program, io, finish)
  addDeadLetterCommands(program, io, finish)
  addSlackCommand(program, io, finish)
}
